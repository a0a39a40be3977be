/** Reports of many items: each is answered on its own, and only what is no batch at all is refused whole. */
import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { runInput, stepReport } from '@/dev/testing/quota';
import { createWorld, type World } from '@/dev/testing/world';
import { reportSteps } from '@/lib/domains/runs/reports/report';
import { startRun } from '@/lib/domains/runs/start/reserve';
import { stepLogs } from '@/lib/domains/runs/tables';
import { db } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

const _codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'ok',
    error => (error instanceof AppError ? error.code : error),
  );
const begin = async (world: World): Promise<string> => (await startRun(world.system, runInput())).run.pipelineLoggingId;
const storedSteps = (runId: string) => db().select().from(stepLogs).where(eq(stepLogs.pipelineLoggingId, runId));

const wrong: [why: string, change: Record<string, unknown>, path: string][] = [
  ['an end before the start', { end_time: new Date(Date.now() - 3_600_000).toISOString() }, 'end_time'],
  ['an ended step without its end', { end_time: undefined }, 'end_time'],
  ['a start years ago', { start_time: '2001-01-01T00:00:00Z' }, 'start_time'],
  ['an end in three days', { end_time: new Date(Date.now() + 3 * 86_400_000).toISOString() }, 'end_time'],
  ['an unknown status', { status: 'DONE' }, 'status'],
  ['an unknown field', { cost: 1 }, 'cost'],
  ['a fractional index', { step_index: 1.5 }, 'step_index'],
  ['metadata beyond 256 KiB', { metadata: { note: 'x'.repeat(262_144) } }, 'metadata'],
  ['metadata of 101 levels', { metadata: JSON.parse(`${'{"a":'.repeat(101)}1${'}'.repeat(101)}`) }, 'metadata'],
];
test.each(wrong)(
  '%s is refused with its path, alone or in a batch that keeps its others',
  async (_why, change, path) => {
    const world = await createWorld();
    const runId = await begin(world);
    await expect(reportSteps(world.system, stepReport(change), runId)).rejects.toMatchObject({
      code: 'invalid_input',
      fields: [{ path }],
    });
    const answer = await reportSteps(world.system, { steps: [stepReport(change), stepReport({})] }, runId);
    expect(answer).toMatchObject({
      stored: 1,
      failed: 1,
      items: [
        { index: 0, status: 400, code: 'invalid_input', errors: [{ path }] },
        { index: 1, status: 200 },
      ],
    });
    expect(await storedSteps(runId)).toHaveLength(1);
  },
);

test('of a batch with one item of every kind, each is answered and only the good ones are stored', async () => {
  const world = await createWorld();
  const [runId, other] = [await begin(world), await begin(world)];
  const [known, foreign] = [stepReport({}), stepReport({})];
  await reportSteps(world.system, { steps: [known] }, runId);
  await reportSteps(world.system, { steps: [foreign] }, other);
  const fresh = stepReport({});
  const steps = [
    fresh,
    { ...fresh, step_logging_id: fresh.step_logging_id.toUpperCase(), step_name: 'twice' },
    foreign,
    { ...known, status: 'RUNNING' },
    known,
    'no step',
    null,
    {},
    stepReport({ step_logging_id: 'no uuid' }),
  ];
  const answer = await reportSteps(world.system, { steps }, runId);
  expect(answer.items.map(item => [item.status, item.code ?? null])).toEqual([
    [200, null],
    [409, 'conflict'],
    [409, 'conflict'],
    [409, 'step_goes_back'],
    // The id is in the batch for the second time.
    [409, 'conflict'],
    [400, 'invalid_input'],
    [400, 'invalid_input'],
    [400, 'invalid_input'],
    [400, 'invalid_input'],
  ]);
  expect(answer.items.map(item => item.index)).toEqual(steps.map((_, index) => index));
  expect(answer.items.at(-1)?.id).toBe('no uuid');
  expect(answer).toMatchObject({ stored: 1, failed: 8 });
  expect((await storedSteps(runId)).map(row => row.stepName)).toEqual([known.step_name, fresh.step_name]);
});

test.each([
  ['no list', { steps: 1 }, 'steps'],
  ['an empty list', { steps: [] }, 'steps'],
  ['501 steps', { steps: Array.from({ length: 501 }, () => stepReport({})) }, 'steps'],
  ['another field beside the list', { steps: [stepReport({})], more: 1 }, 'more'],
])('a batch with %s is refused whole', async (_why, body, path) => {
  const world = await createWorld();
  const runId = await begin(world);
  await expect(reportSteps(world.system, body, runId)).rejects.toMatchObject({
    code: 'invalid_input',
    fields: [{ path }],
  });
  expect(await storedSteps(runId)).toEqual([]);
});

import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { checkReport, runInput, stepReport } from '@/dev/testing/quota';
import { createWorld, type World } from '@/dev/testing/world';
import { reportChecks, reportSteps } from '@/lib/domains/runs/reports/report';
import { startRun } from '@/lib/domains/runs/start/reserve';
import { dqResults, type Run, runs, stepLogs } from '@/lib/domains/runs/tables';
import { db } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';
import { newUuid } from '@/lib/platform/ids';

const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'ok',
    error => (error instanceof AppError ? error.code : error),
  );
const begin = async (world: World): Promise<string> => (await startRun(world.system, runInput())).run.pipelineLoggingId;
const storedSteps = (runId: string) => db().select().from(stepLogs).where(eq(stepLogs.pipelineLoggingId, runId));

test('a step reported again is updated, and stays in the partition of its first start', async () => {
  const world = await createWorld();
  const runId = await begin(world);
  const step = stepReport({ status: 'RUNNING', end_time: undefined });
  await reportSteps(world.system, { steps: [step] }, runId);
  const startTime = new Date(Date.parse(step.start_time) + 60_000).toISOString();
  const endTime = new Date(Date.parse(step.start_time) + 90_000).toISOString();
  const ended = { ...step, status: 'COMPLETED', start_time: startTime, end_time: endTime, rows_processed: 9 };
  expect(await reportSteps(world.system, { steps: [ended, stepReport({ step_index: 1 })] }, runId)).toEqual({
    stored: 2,
  });
  const rows = await storedSteps(runId);
  expect(rows).toHaveLength(2);
  expect(rows.find(row => row.stepLoggingId === step.step_logging_id)).toMatchObject({
    status: 'COMPLETED',
    startTime: new Date(step.start_time),
    endTime: new Date(endTime),
    durationMs: 90_000,
    rowsProcessed: 9,
  });
});

test('a data-quality result sent twice is stored once, as it was first', async () => {
  const world = await createWorld();
  const runId = await begin(world);
  const check = checkReport({});
  expect(await reportChecks(world.system, { dq_results: [check] }, runId)).toEqual({ stored: 1 });
  const again = { ...check, expectations_passed: 0 };
  expect(await reportChecks(world.system, { dq_results: [again, checkReport({})] }, runId)).toEqual({ stored: 1 });
  const rows = await db().select().from(dqResults).where(eq(dqResults.pipelineLoggingId, runId));
  expect(rows.map(row => row.expectationsPassed)).toEqual([12, 12]);
  expect(rows[0]?.ingestionDate).toBe(check.executed_at.slice(0, 10));
});

test('nobody can report to another customer’s run, or overwrite another run’s rows', async () => {
  const [owner, stranger] = await Promise.all([createWorld(), createWorld()]);
  const [ownRun, strangeRun] = await Promise.all([begin(owner), begin(stranger)]);
  const [step, check] = [stepReport({}), checkReport({})];
  await reportSteps(owner.system, { steps: [step] }, ownRun);
  await reportChecks(owner.system, { dq_results: [check] }, ownRun);
  expect(await codeOf(reportSteps(stranger.system, { steps: [stepReport({})] }, ownRun))).toBe('not_found');
  expect(await codeOf(reportChecks(stranger.system, { dq_results: [checkReport({})] }, ownRun))).toBe('not_found');
  const changed = { ...step, step_name: 'stolen' };
  expect(await codeOf(reportSteps(stranger.system, { steps: [stepReport({}), changed] }, strangeRun))).toBe('conflict');
  expect(await codeOf(reportChecks(stranger.system, { dq_results: [check] }, strangeRun))).toBe('conflict');
  expect((await storedSteps(ownRun)).map(row => row.stepName)).toEqual([step.step_name]);
  expect(await storedSteps(strangeRun)).toEqual([]);
});

const countsOf = async (runId: string) => {
  const [run] = await db().select().from(runs).where(eq(runs.pipelineLoggingId, runId));
  return { steps: run?.stepCount, checks: run?.checkCount };
};
const setRun = (runId: string, columns: Partial<Run>) =>
  db().update(runs).set(columns).where(eq(runs.pipelineLoggingId, runId));

test('a run counts each step and check once, however often it is reported', async () => {
  const world = await createWorld();
  const runId = await begin(world);
  const [one, two, check] = [stepReport({}), stepReport({}), checkReport({})];
  await reportSteps(world.system, { steps: [one] }, runId);
  await reportSteps(world.system, { steps: [one, two] }, runId);
  await reportSteps(world.system, { steps: [one, two] }, runId);
  await reportChecks(world.system, { dq_results: [check] }, runId);
  await reportChecks(world.system, { dq_results: [check, checkReport({})] }, runId);
  expect(await countsOf(runId)).toEqual({ steps: 2, checks: 2 });
});

test('a run keeps 10,000 steps and as many checks; of many reports at once for the last place exactly one is stored', async () => {
  const world = await createWorld();
  const runId = await begin(world);
  const known = stepReport({ status: 'RUNNING', end_time: undefined });
  await reportSteps(world.system, { steps: [known] }, runId);
  await setRun(runId, { stepCount: 9_999, checkCount: 9_999 });
  const attempts = Array.from({ length: 8 }, () => [
    reportSteps(world.system, { steps: [stepReport({})] }, runId),
    reportChecks(world.system, { dq_results: [checkReport({})] }, runId),
  ]);
  const codes = await Promise.all(attempts.flat().map(codeOf));
  expect(codes.filter(code => code === 'ok')).toHaveLength(2);
  expect(codes.filter(code => code === 'report_limit_reached')).toHaveLength(14);
  expect(await countsOf(runId)).toEqual({ steps: 10_000, checks: 10_000 });
  expect(await storedSteps(runId)).toHaveLength(2);
  // What is there can still be updated.
  const ended = stepReport({ ...known, status: 'COMPLETED', end_time: known.start_time });
  expect(await codeOf(reportSteps(world.system, { steps: [ended] }, runId))).toBe('ok');
});

test('steps and checks are taken for 24 hours after the run’s end, and refused with the window from then on', async () => {
  const world = await createWorld();
  const runId = await begin(world);
  const hourMs = 3_600_000;
  const endedAgo = (hours: number) =>
    setRun(runId, { status: 'COMPLETED', endTime: new Date(Date.now() - hours * hourMs) });
  await endedAgo(23.9);
  const step = stepReport({});
  expect(await codeOf(reportSteps(world.system, { steps: [step] }, runId))).toBe('ok');
  expect(await codeOf(reportChecks(world.system, { dq_results: [checkReport({})] }, runId))).toBe('ok');
  await endedAgo(24.1);
  await expect(reportSteps(world.system, { steps: [step] }, runId)).rejects.toMatchObject({
    code: 'report_too_late',
    status: 409,
    message: expect.stringContaining('Steps and checks are taken for 24 hours after, until '),
    details: { ended_at: expect.any(String), reports_until: expect.any(String) },
  });
  expect(await codeOf(reportChecks(world.system, { dq_results: [checkReport({})] }, runId))).toBe('report_too_late');
  expect(await countsOf(runId)).toEqual({ steps: 1, checks: 1 });
});

test('a step never goes back: what would do so is refused with its path, and nothing of the report is stored', async () => {
  const world = await createWorld();
  const runId = await begin(world);
  const step = stepReport({ status: 'COMPLETED' });
  await reportSteps(world.system, { steps: [step] }, runId);
  const back = { ...step, status: 'RUNNING', end_time: undefined };
  await expect(reportSteps(world.system, { steps: [stepReport({}), back] }, runId)).rejects.toMatchObject({
    code: 'step_goes_back',
    status: 409,
    message: 'This step is COMPLETED and does not become RUNNING. Another try has an id of its own.',
    fields: [{ path: 'steps.1.status' }],
  });
  expect((await storedSteps(runId)).map(row => row.status)).toEqual(['COMPLETED']);
  expect(await codeOf(reportSteps(world.system, { steps: [{ ...step, rows_processed: 3 }] }, runId))).toBe('ok');
  expect((await storedSteps(runId))[0]?.rowsProcessed).toBe(3);
});

test('of two reports at once of one step, its end wins whichever comes first', async () => {
  const world = await createWorld();
  const runId = await begin(world);
  const steps = Array.from({ length: 10 }, () => stepReport({ status: 'PENDING', end_time: undefined }));
  await reportSteps(world.system, { steps }, runId);
  const reports = steps.flatMap(step => [
    codeOf(reportSteps(world.system, { steps: [{ ...step, status: 'RUNNING' }] }, runId)),
    codeOf(reportSteps(world.system, { steps: [{ ...step, status: 'FAILED', end_time: step.start_time }] }, runId)),
  ]);
  for (const code of await Promise.all(reports)) expect(['ok', 'step_goes_back']).toContain(code);
  expect(new Set((await storedSteps(runId)).map(row => row.status))).toEqual(new Set(['FAILED']));
});

test('a viewer may not report', async () => {
  const world = await createWorld();
  const runId = await begin(world);
  expect(await codeOf(reportSteps(world.as('VIEWER'), { steps: [stepReport({})] }, runId))).toBe('forbidden');
});

const id = newUuid();
const wrong: [why: string, steps: unknown[], path: string][] = [
  ['no step', [], 'steps'],
  ['an id twice', [stepReport({ step_logging_id: id }), stepReport({ step_logging_id: id.toUpperCase() })], 'steps'],
  ['an end before the start', [stepReport({ end_time: '2000-01-01T00:00:00Z' })], 'steps.0.end_time'],
  ['an ended step without its end', [stepReport({ end_time: undefined })], 'steps.0.end_time'],
  ['a start years ago', [stepReport({ start_time: '2001-01-01T00:00:00Z' })], 'steps.0.start_time'],
  ['an unknown status', [stepReport({ status: 'DONE' })], 'steps.0.status'],
  ['an unknown field', [stepReport({ cost: 1 })], 'steps.0.cost'],
  ['a fractional index', [stepReport({ step_index: 1.5 })], 'steps.0.step_index'],
];
test.each(wrong)('a report with %s is refused with its path and stores nothing', async (_why, steps, path) => {
  const world = await createWorld();
  const runId = await begin(world);
  const error = await reportSteps(world.system, { steps }, runId).catch(caught => caught as AppError);
  if (!(error instanceof AppError)) throw new Error('it was accepted');
  expect(error.fields?.map(field => field.path)).toContain(path);
  expect(await storedSteps(runId)).toEqual([]);
});

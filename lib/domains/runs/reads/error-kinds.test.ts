import { beforeAll, expect, test } from 'vitest';
import { insertPastRuns, mirrorRuns, type PastRun } from '@/dev/testing/runs';
import { createWorld, type World } from '@/dev/testing/world';
import { readErrorKinds } from '@/lib/domains/runs/reads/error-kinds';
import { listRuns } from '@/lib/domains/runs/reads/run-list';
import type { Run } from '@/lib/domains/runs/tables';
import { addDays, utcDay } from '@/lib/platform/clock';

let world: World;
let stored: Run[];
const today = utcDay(new Date());
const at = (daysAgo: number, minute: number) =>
  new Date(Date.parse(`${addDays(today, -daysAgo)}T00:00:00Z`) + minute * 60_000);
const failed = (pipelineId: string, startTime: Date, errorMessage: string): PastRun => ({
  pipelineId,
  status: 'FAILED',
  startTime,
  durationMs: 10,
  errorMessage,
});

beforeAll(async () => {
  world = await createWorld();
  const stranger = await createWorld();
  stored = await insertPastRuns(world, [
    failed('costs', at(0, 0), 'The provider answered 503 Service Unavailable after 5 attempts.'),
    failed('usage', at(1, 9), 'The provider answered 503 Service Unavailable after 3 attempts.'),
    failed('usage', at(12, 0), 'The provider answered 503 Service Unavailable after 4 attempts.'),
    failed('usage', at(40, 0), 'The provider answered 503 Service Unavailable after 4 attempts.'),
    failed('costs', at(3, 0), 'Login failed: password=hunter22'),
    { ...failed('costs', at(2, 0), 'not needed'), status: 'CANCELLED' },
    { pipelineId: 'costs', status: 'COMPLETED', startTime: at(2, 0), durationMs: 10 },
  ]);
  await insertPastRuns(stranger, [failed('costs', at(1, 0), 'something of a stranger')]);
  await mirrorRuns(world, stranger);
}, 60_000);

test('failed runs of one kind are one row, the most frequent first; cancelled and foreign ones are none', async () => {
  const { kinds, fromDay, toDay } = await readErrorKinds(world.as('VIEWER'), {});
  expect([fromDay, toDay]).toEqual([addDays(today, -29), today]);
  expect(kinds).toMatchObject([
    {
      pattern: 'The provider answered 503 Service Unavailable after <n> attempts.',
      runs: 3,
      pipelines: ['usage', 'costs'],
      firstSeen: at(12, 0),
      lastSeen: at(0, 0),
      lastRunId: stored[0]?.pipelineLoggingId,
    },
    { runs: 1, pipelines: ['costs'] },
  ]);
  expect(kinds[0]?.fingerprint).toBe(stored[3]?.errorFingerprint);
});

test('no secret of a message is in its kind', async () => {
  const { kinds } = await readErrorKinds(world.system, {});
  expect(JSON.stringify(kinds)).not.toContain('hunter22');
});

test('a period has its own kinds, which sum to its failed runs', async () => {
  const period = { from: addDays(today, -6), to: today };
  const { kinds } = await readErrorKinds(world.system, period);
  expect(kinds.map(kind => kind.runs)).toEqual([2, 1]);
  const { rows } = await listRuns(world.system, { status: 'FAILED', from: period.from, to: period.to });
  expect(rows).toHaveLength(3);
  expect((await readErrorKinds(world.system, { from: '2020-01-01', to: '2020-01-31' })).kinds).toEqual([]);
});

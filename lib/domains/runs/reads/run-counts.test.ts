import { beforeAll, describe, expect, test } from 'vitest';
import { customerKey } from '@/dev/testing/data-plane';
import { runInput } from '@/dev/testing/quota';
import { insertPastRuns, type PastRun } from '@/dev/testing/runs';
import { createWorld, type World } from '@/dev/testing/world';
import { noKey, type RunBreakdown, readRunCounts } from '@/lib/domains/runs/reads/run-counts';
import { listRuns } from '@/lib/domains/runs/reads/run-list';
import { startRun } from '@/lib/domains/runs/start/reserve';
import { relayDeps } from '@/lib/edge/worker/mirrors';
import { addDays, utcDay } from '@/lib/platform/clock';
import { flushOnce } from '@/lib/warehouse/mirror/relay';

const today = utcDay(new Date());
const midnight = (daysAgo: number) => new Date(`${addDays(today, -daysAgo)}T00:00:00Z`);
const past = (daysAgo: number, hour: number, pipelineId: string, status: PastRun['status'] = 'COMPLETED'): PastRun => ({
  pipelineId,
  status,
  startTime: new Date(midnight(daysAgo).getTime() + hour * 3_600_000),
  durationMs: 1_000,
  errorMessage: status === 'COMPLETED' ? undefined : status === 'FAILED' ? 'boom' : 'not needed',
});

describe('runs by day, hour and name', () => {
  let world: World;
  let keyId: string;
  const week = { from: midnight(6), until: midnight(-1) };
  const read = (by: RunBreakdown, step: 'day' | 'hour' = 'day', time = week) =>
    readRunCounts(world.as('VIEWER'), { by, step, ...time });
  beforeAll(async () => {
    world = await createWorld({ plan: 'SCALE' });
    await insertPastRuns(world, [
      ...['a', 'a', 'a', 'b', 'b', 'c', 'd', 'e', 'f'].map((pipeline, index) => past(2, index, pipeline)),
      past(1, 3, 'a', 'FAILED'),
      past(1, 3, 'b', 'CANCELLED'),
      past(9, 0, 'a'),
    ]);
    keyId = (await customerKey(world, ['runs:write'])).id;
    const actor = { type: 'api_key', id: keyId, name: 'loader', scopes: ['runs:write'] } as const;
    await startRun({ ...world.system, actor }, { ...runInput(), pipeline_id: 'keyed' });
    const mirrors = ['tenant.pipeline_runs', 'tenant.run_details'];
    await flushOnce(relayDeps(), { customers: [world.customerId], mirrors, lockWaitMs: 20_000 });
  });

  test('the four pipelines with most runs are parts of their own, all others are one, and the sum is all runs', async () => {
    const { series, hasOthers, names, parts, total } = await read('pipeline');
    expect(series).toEqual(['a', 'b', 'c', 'd']);
    expect(hasOthers).toBe(true);
    expect(names.slice(0, 2)).toEqual([
      { name: 'a', runs: 4, failed: 1 },
      { name: 'b', runs: 3, failed: 0 },
    ]);
    expect(parts.map(({ start }) => utcDay(start))).toEqual([6, 5, 4, 3, 2, 1, 0].map(ago => addDays(today, -ago)));
    expect(parts[4]?.runs).toEqual([3, 2, 1, 1, 2]);
    expect(parts[5]?.runs).toEqual([1, 1, 0, 0, 0]);
    expect(total).toBe(12);
    expect(names.reduce((sum, { runs }) => sum + runs, 0)).toBe(total);
  });

  test('each count equals the list of runs that it leads to', async () => {
    const days = { from: addDays(today, -6), to: today };
    const { names } = await read('pipeline');
    for (const { name, runs, failed } of names) {
      expect((await listRuns(world.as('VIEWER'), { pipeline: name, ...days })).rows, name).toHaveLength(runs);
      const failures = await listRuns(world.as('VIEWER'), { pipeline: name, status: 'FAILED', ...days });
      expect(failures.rows, name).toHaveLength(failed);
    }
  });

  test('outcomes are as the list of runs shows them: cancelled is not failed', async () => {
    const { names } = await read('outcome');
    expect(new Map(names.map(({ name, runs }) => [name, runs]))).toEqual(
      new Map([
        ['COMPLETED', 9],
        ['FAILED', 1],
        ['CANCELLED', 1],
        ['RUNNING', 1],
      ]),
    );
  });

  test('by hour each run stands in the hour of its start', async () => {
    const { parts, step } = await read('outcome', 'hour', { from: midnight(2), until: midnight(1) });
    expect(step).toBe('hour');
    expect(parts).toHaveLength(24);
    expect(parts.slice(0, 10).map(({ runs }) => runs.reduce((sum, one) => sum + one, 0))).toEqual([
      1, 1, 1, 1, 1, 1, 1, 1, 1, 0,
    ]);
  });

  test('runs that no key asked for are told apart from those of a key', async () => {
    const { names } = await read('key');
    expect(names).toEqual([
      { name: noKey, runs: 11, failed: 1 },
      { name: keyId, runs: 1, failed: 0 },
    ]);
  });

  test('another customer sees none of it', async () => {
    const stranger = await createWorld();
    const counts = await readRunCounts(stranger.as('OWNER'), { by: 'key', step: 'day', ...week });
    expect(counts).toMatchObject({ total: 0, names: [], series: [], hasOthers: false });
  });
});

import { and, eq, inArray } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { insertPastRuns, type PastRun } from '@/dev/testing/runs';
import { createWorld } from '@/dev/testing/world';
import { readObservedDays } from '@/lib/domains/runs/reads/observed-days';
import { listRuns } from '@/lib/domains/runs/reads/run-list';
import { runs } from '@/lib/domains/runs/tables';
import { relayDeps } from '@/lib/edge/worker/mirrors';
import { addDays, utcDay } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';
import { flushOnce } from '@/lib/warehouse/mirror/relay';

const today = utcDay(new Date());
const dayOf = (daysAgo: number) => addDays(today, -daysAgo);
const range = { from: dayOf(5), to: dayOf(1) };
const past = (daysAgo: number, time: string, pipelineId: string, status: PastRun['status'] = 'COMPLETED'): PastRun => ({
  pipelineId,
  status,
  startTime: new Date(`${dayOf(daysAgo)}T${time}Z`),
  durationMs: 1_000,
  errorMessage: status === 'COMPLETED' ? undefined : 'boom',
});

test('observed runs are counted by the day of their start as the list of runs has them, and no other run is', async () => {
  const world = await createWorld();
  const observed = [
    past(6, '23:59:59.999', 'dbt'),
    past(5, '00:00:00.000', 'dbt'),
    past(3, '00:00:00.000', 'dbt', 'FAILED'),
    past(3, '12:00:00.000', 'airflow', 'CANCELLED'),
    past(3, '23:59:59.999', 'airflow'),
    past(0, '00:00:00.000', 'dbt'),
  ];
  await insertPastRuns(world, [...observed, past(3, '10:00:00.000', 'ours', 'FAILED')]);
  await db()
    .update(runs)
    .set({ origin: 'observed', orchestrator: 'DBT', jobNamespace: 'shop', jobName: 'build' })
    .where(and(eq(runs.customerId, world.customerId), inArray(runs.pipelineId, ['dbt', 'airflow'])));
  const mirrors = ['tenant.pipeline_runs', 'tenant.run_details'];
  await flushOnce(relayDeps(), { customers: [world.customerId], mirrors, lockWaitMs: 20_000 });
  const { observed: days } = await readObservedDays(world.as('VIEWER'), range);
  expect([...days]).toEqual([
    [dayOf(5), { runs: 1, succeeded: 1, failed: 0, cancelled: 0, running: 0 }],
    [dayOf(3), { runs: 3, succeeded: 1, failed: 1, cancelled: 1, running: 0 }],
  ]);
  for (const [day, { runs: count }] of days) {
    const listed = await listRuns(world.as('VIEWER'), { origin: 'observed', from: day, to: day });
    expect(listed.rows).toHaveLength(count);
  }
});

test('a range that ends before it begins or is longer than a year is refused', async () => {
  const world = await createWorld();
  for (const wrong of [
    { from: dayOf(1), to: dayOf(2) },
    { from: dayOf(400), to: dayOf(1) },
  ])
    await expect(readObservedDays(world.as('VIEWER'), wrong)).rejects.toMatchObject({ code: 'invalid_input' });
});

test('a customer without a dataset has no observed run', async () => {
  const world = await createWorld();
  expect((await readObservedDays(world.as('OWNER'), range)).observed.size).toBe(0);
});

import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { runInput, usageRow } from '@/dev/testing/quota';
import { createWorld } from '@/dev/testing/world';
import { storedCounter } from '@/lib/domains/quotas/counters';
import { reconcileCounters } from '@/lib/domains/quotas/reconcile';
import { quotaCounters, usageDays } from '@/lib/domains/quotas/tables';
import { completeRun } from '@/lib/domains/runs/start/lease';
import { startRun } from '@/lib/domains/runs/start/reserve';
import { utcDay } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';

async function worldWithRuns() {
  const world = await createWorld();
  const { run } = await startRun(world.system, runInput());
  await startRun(world.system, runInput());
  await completeRun(world.system, { status: 'COMPLETED' }, run.pipelineLoggingId);
  return world;
}

test('counters and days that are right are left alone', async () => {
  const { customerId } = await worldWithRuns();
  const before = await storedCounter(db(), customerId);
  expect(await reconcileCounters({ repair: true, customerId })).toEqual({
    customersChecked: 1,
    differences: [],
    repaired: true,
  });
  expect(await storedCounter(db(), customerId)).toEqual(before);
});

test('a corrupted counter and day are reported, and put right with repair', async () => {
  const { customerId } = await worldWithRuns();
  const before = { counter: await storedCounter(db(), customerId), day: await usageRow(customerId) };
  await db()
    .update(quotaCounters)
    .set({ running: 9, runsToday: 0, runsMonth: 77 })
    .where(eq(quotaCounters.customerId, customerId));
  await db().update(usageDays).set({ succeeded: 5, runs: 0 }).where(eq(usageDays.customerId, customerId));
  const day = utcDay(new Date());
  const differences = [
    { customerId, what: 'pipelines_run_today', day, stored: 0, actual: 2 },
    { customerId, what: 'pipelines_succeeded_today', day, stored: 5, actual: 1 },
    { customerId, what: 'running', day, stored: 9, actual: 1 },
    { customerId, what: 'runs_today', day, stored: 0, actual: 2 },
    { customerId, what: 'runs_month', day, stored: 77, actual: 2 },
  ];
  expect((await reconcileCounters({ repair: false, customerId })).differences).toEqual(differences);
  expect((await storedCounter(db(), customerId))?.running).toBe(9);
  expect((await reconcileCounters({ repair: true, customerId })).differences).toEqual(differences);
  const after = { counter: await storedCounter(db(), customerId), day: await usageRow(customerId) };
  expect({ ...after.counter, updatedAt: 0 }).toEqual({ ...before.counter, updatedAt: 0 });
  expect({ ...after.day, lastUpdated: 0, callsMirroredAt: 0, maxRunning: 0 }).toEqual({
    ...before.day,
    lastUpdated: 0,
    callsMirroredAt: 0,
    maxRunning: 0,
  });
  expect((await reconcileCounters({ repair: false, customerId })).differences).toEqual([]);
});

test('a day row that was lost is made again from its runs', async () => {
  const { customerId } = await worldWithRuns();
  await db().delete(usageDays).where(eq(usageDays.customerId, customerId));
  await reconcileCounters({ repair: true, customerId });
  expect(await usageRow(customerId)).toMatchObject({ runs: 2, succeeded: 1, running: 1, runsMonth: 2, dailyLimit: 6 });
});

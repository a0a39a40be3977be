import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { runInput } from '@/dev/testing/quota';
import { createWorld } from '@/dev/testing/world';
import { storedCounter } from '@/lib/domains/quotas/counters';
import { forgetIdempotencyKeysJob, reconcileJob } from '@/lib/domains/quotas/jobs';
import { idempotencyKeys, quotaCounters } from '@/lib/domains/quotas/tables';
import { startRun } from '@/lib/domains/runs/start/reserve';
import { registerAllJobs } from '@/lib/edge/worker/jobs';
import { jobs } from '@/lib/kernel/jobs';
import { utcDay } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';

test('the job puts a wrong counter right and says so in its report', async () => {
  const { customerId, system } = await createWorld();
  await db().update(quotaCounters).set({ running: 4 }).where(eq(quotaCounters.customerId, customerId));
  // Of one customer only: over all it would put right what other tests have made wrong on purpose.
  const wrong = { customerId, what: 'running', day: utcDay(new Date()), stored: 4, actual: 0 };
  expect(await reconcileJob.run(system)).toEqual({ customersChecked: 1, repaired: 1, differences: [wrong] });
  expect((await storedCounter(db(), customerId))?.running).toBe(0);
});

test('the worker knows the jobs with their schedules', () => {
  registerAllJobs();
  for (const job of [reconcileJob, forgetIdempotencyKeysJob]) {
    expect(jobs().get(job.name)).toBe(job);
    expect(job.schedule).toMatch(/^\d+ \* \* \* \*$/);
  }
});

test('keys are forgotten after 24 hours and not before', async () => {
  const { customerId, system } = await createWorld();
  await startRun(system, runInput(), { idempotencyKey: 'old' });
  await startRun(system, runInput(), { idempotencyKey: 'new' });
  const dayAgo = new Date(Date.now() - 86_401_000);
  await db().update(idempotencyKeys).set({ createdAt: dayAgo }).where(eq(idempotencyKeys.idempotencyKey, 'old'));
  await forgetIdempotencyKeysJob.run(system);
  const left = await db().select().from(idempotencyKeys).where(eq(idempotencyKeys.customerId, customerId));
  expect(left.map(key => key.idempotencyKey)).toEqual(['new']);
});

/** Jobs of quotas. */
import { lt, sql } from 'drizzle-orm';
import { mirrorCalls } from '@/lib/domains/quotas/mirror-calls';
import { reconcileCounters } from '@/lib/domains/quotas/reconcile';
import { idempotencyKeys } from '@/lib/domains/quotas/tables';
import { defineJob } from '@/lib/kernel/jobs';
import { db } from '@/lib/platform/db';
import { log } from '@/lib/platform/log';

/** Differences kept in the job's record; all of them are counted and put right. */
const shownDifferences = 100;

export const reconcileJob = defineJob({
  name: 'quota.reconcile',
  schedule: '17 * * * *',
  description:
    'Compares each customer’s counter with the runs that hold a lease, and the last 3 days with their runs; puts differences right and lists them.',
  run: async ctx => {
    const customerId = ctx.customerId ?? undefined;
    const { customersChecked, differences } = await reconcileCounters({ repair: true, customerId });
    if (differences.length > 0) log().warn({ differences: differences.length }, 'quota counters were wrong');
    return { customersChecked, repaired: differences.length, differences: differences.slice(0, shownDifferences) };
  },
});

export const mirrorCallsJob = defineJob({
  name: 'quota.mirror_calls',
  schedule: '* * * * *',
  description: 'Tells BigQuery the API calls and refused starts that no later change of their day would carry along.',
  run: async ctx => ({ days: await mirrorCalls(ctx.clock()) }),
});

export const forgetIdempotencyKeysJob = defineJob({
  name: 'quota.forget_idempotency_keys',
  schedule: '41 * * * *',
  description: 'Deletes Idempotency-Keys that are older than the 24 hours in which they are answered again.',
  run: async () => {
    const forgotten = await db()
      .delete(idempotencyKeys)
      .where(lt(idempotencyKeys.createdAt, sql`clock_timestamp() - interval '24 hours'`));
    return { forgotten: forgotten.rowCount ?? 0 };
  },
});

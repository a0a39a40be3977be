/** Staff's change of one customer's limits: written to the subscription, from the commit on. */
import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { applyLimits, storedCounter } from '@/lib/domains/quotas/counters';
import { limitsInput } from '@/lib/domains/quotas/input';
import { subscriptionsMirror } from '@/lib/domains/subscriptions/mirror';
import { currentSubscription } from '@/lib/domains/subscriptions/plans/current-subscription';
import { subscriptions } from '@/lib/domains/subscriptions/tables';
import { defineCommand } from '@/lib/kernel/command';
import { requireCustomer } from '@/lib/kernel/ctx';
import type { Tx } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

const setLimitsInput = limitsInput
  .omit({ refusalReason: true })
  // The subscription has a number for it; only the counter's month of runs may be without limit.
  .extend({ apiCallsMonthLimit: z.int().min(0).max(2_147_483_647).optional() })
  .refine(input => Object.values(input).some(value => value !== undefined), 'Name at least one limit.');
type SetLimits = z.output<typeof setLimitsInput>;

/** The limits of the current subscription as they are after the change; undefined leaves a column alone. */
async function overrideSubscription(tx: Tx, customerId: string, limits: SetLimits) {
  const current = await currentSubscription(tx, customerId, { lock: true });
  const [changed] = await tx
    .update(subscriptions)
    .set({
      maxPipelinesPerDay: limits.dailyLimit,
      maxConcurrentPipelines: limits.concurrentLimit,
      maxApiCallsPerMonth: limits.apiCallsMonthLimit,
      updatedAt: new Date(),
    })
    .where(and(eq(subscriptions.subscriptionId, current.subscriptionId), eq(subscriptions.customerId, customerId)))
    .returning();
  if (!changed) throw new Error('the subscription was not stored');
  return changed;
}

/** Overrides limits of the caller's customer until the next change of plan. Source: docs/architecture.md, Plans. */
export const setLimits = defineCommand({
  name: 'quota.set_limits',
  permission: 'staff:write',
  input: setLimitsInput,
  run: async ({ ctx, tx, input }) => {
    const { customerId } = requireCustomer(ctx);
    const before = await storedCounter(tx, customerId);
    const subscription = await overrideSubscription(tx, customerId, input);
    await applyLimits(tx, customerId, input);
    const after = await storedCounter(tx, customerId);
    if (!before || !after) throw new AppError('not_found', 'There is no such customer.');
    const limitsOf = (counter: typeof after) => ({
      daily_limit: counter.dailyLimit,
      monthly_limit: counter.monthlyLimit,
      concurrent_limit: counter.concurrentLimit,
      api_calls_month_limit: counter.apiCallsMonthLimit,
    });
    return {
      result: limitsOf(after),
      target: { type: 'customer', id: customerId },
      before: limitsOf(before),
      after: limitsOf(after),
      mirror: [subscriptionsMirror.ref(subscription)],
    };
  },
});

/**
 * The one rule from a subscription to its customer: profile status, whether runs may start, limits of the plan.
 * Source: docs/architecture.md, Status.
 */
import { changeProfile, type ProfileChanges, type StoredProfile } from '@/lib/domains/customers/profile';
import { profileStatus, refusalReasonOf } from '@/lib/domains/customers/rules';
import type { Customer } from '@/lib/domains/customers/tables';
import { applyLimits, storedCounter } from '@/lib/domains/quotas/counters';
import type { LimitChanges } from '@/lib/domains/quotas/input';
import { changedColumns } from '@/lib/domains/subscriptions/sync/snapshot-columns';
import type { Subscription } from '@/lib/domains/subscriptions/tables';
import type { Ctx } from '@/lib/kernel/ctx';
import type { Tx } from '@/lib/platform/db';

type Standing = {
  /** The current subscription as it is now. */
  subscription: Subscription;
  /** The plan whose limits hold; none where the plan stays, with what staff have raised. */
  planBefore?: string;
  /** What changes beside; staff's suspension and a requested deletion stay where they are not named. */
  suspended?: boolean;
  changes?: ProfileChanges & { deletionRequestedAt?: Date | null };
};

const limitsOfPlan = (row: Subscription): LimitChanges => ({
  dailyLimit: row.maxPipelinesPerDay,
  monthlyLimit: null,
  concurrentLimit: row.maxConcurrentPipelines,
  apiCallsMonthLimit: row.maxApiCallsPerMonth,
});

/**
 * Also where the profile is as before: a counter that says otherwise would let runs start. One that says the same is left
 * alone, because each write of it is a row of the day and of its copy.
 */
async function settleLimits(tx: Tx, customerId: string, limits: LimitChanges): Promise<void> {
  const counter = await storedCounter(tx, customerId);
  const isSettled = counter?.refusalReason === limits.refusalReason && Object.keys(limits).length === 1;
  if (!isSettled) await applyLimits(tx, customerId, limits);
}

/**
 * Writes what the subscription means for its customer, all from the commit of `tx`: staff's suspension wins, then a
 * requested deletion, then the subscription's status. `known` is the locked row; it comes back where nothing differs, with
 * no mirror. The caller enqueues `mirror`.
 */
export async function settleStanding(tx: Tx, ctx: Ctx, known: Customer, standing: Standing): Promise<StoredProfile> {
  const { subscription, planBefore = subscription.planName, changes = {} } = standing;
  const { deletionRequestedAt = known.deletionRequestedAt } = changes;
  const status = profileStatus({
    suspended: standing.suspended ?? known.status === 'SUSPENDED',
    deletionRequested: deletionRequestedAt !== null,
    subscriptionStatus: subscription.status,
  });
  const wanted: ProfileChanges = {
    ...changes,
    status,
    subscriptionPlan: subscription.planName,
    trialStartDate: subscription.trialStartDate ?? known.trialStartDate,
    trialEndDate: subscription.trialEndDate ?? known.trialEndDate,
  };
  const differs = changedColumns<Customer>(known, wanted).length > 0;
  const stored = differs ? await changeProfile(tx, ctx, known.customerId, wanted) : { customer: known, mirror: [] };
  await settleLimits(tx, known.customerId, {
    refusalReason: refusalReasonOf(status),
    ...(subscription.planName === planBefore ? {} : limitsOfPlan(subscription)),
  });
  return stored;
}

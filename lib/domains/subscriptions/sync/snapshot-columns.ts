/**
 * What a row of ours becomes by a snapshot of Stripe's. Pure.
 * Source: docs/architecture.md, Billing and Status; docs/spec/003-customers-dataset.md, customer_subscriptions.
 */
import { limitsOf, type SubscriptionStatus } from '@/lib/domains/subscriptions/rules';
import { statusOf } from '@/lib/domains/subscriptions/status';
import type { Snapshot } from '@/lib/domains/subscriptions/sync/snapshot';
import type { Subscription } from '@/lib/domains/subscriptions/tables';
import { utcDay } from '@/lib/platform/clock';

/** All columns but the row's own names and times. */
export type SubscriptionColumns = Omit<
  Subscription,
  'subscriptionId' | 'customerId' | 'createdAt' | 'updatedAt' | 'stripeFetchedAt' | 'subscriptionStartDate'
>;

const renewing: readonly string[] = ['TRIAL', 'ACTIVE', 'PAST_DUE'];
const dayOf = (instant: Date | null): string | null => (instant ? utcDay(instant) : null);

/** Since when money is owed: kept while it is, forgotten when it is not. */
function owingSince(row: Subscription, snapshot: Snapshot, now: Date): Date | null {
  if (snapshot.stripeStatus === 'past_due') return row.pastDueSince ?? now;
  const known = ['trialing', 'active', 'canceled', 'paused'].includes(snapshot.stripeStatus);
  return known ? null : row.pastDueSince;
}

/** Plan, limits and price: they change only with the plan, so that what staff have raised lives until then. */
function planColumns(row: Subscription, snapshot: Snapshot): Partial<SubscriptionColumns> {
  if (snapshot.plan === null) return { stripePlanId: snapshot.stripePriceId ?? row.stripePlanId };
  return {
    ...(snapshot.plan === row.planName ? {} : limitsOf(snapshot.plan)),
    monthlyPriceUsd: snapshot.monthlyPriceUsd ?? limitsOf(snapshot.plan).monthlyPriceUsd,
    stripePlanId: snapshot.stripePriceId,
    currency: snapshot.currency ?? row.currency,
  };
}

/** When it ends or ended, and why; empty while it renews. */
function endColumns(row: Subscription, snapshot: Snapshot, status: SubscriptionStatus, now: Date) {
  const ended = status === 'CANCELLED';
  const cancelAt = ended ? null : snapshot.cancelAt;
  const autoRenew = renewing.includes(status) && cancelAt === null;
  const nextCharge = status === 'TRIAL' ? (snapshot.trialEnd ?? snapshot.periodEnd) : snapshot.periodEnd;
  const endedAt = snapshot.endedAt ?? snapshot.canceledAt ?? row.cancelledAt ?? now;
  return {
    cancelAt,
    subscriptionEndDate: dayOf(ended ? endedAt : cancelAt),
    cancelledAt: ended || cancelAt ? (snapshot.canceledAt ?? endedAt) : null,
    cancellationReason: ended || cancelAt ? snapshot.cancellationReason : null,
    autoRenew,
    nextBillingDate: autoRenew ? dayOf(nextCharge) : null,
    scheduledPlanName: ended ? null : (snapshot.scheduled?.plan ?? null),
    scheduledAt: ended ? null : (snapshot.scheduled?.at ?? null),
    stripeScheduleId: ended ? null : snapshot.stripeScheduleId,
  };
}

/**
 * The row's columns as the snapshot has them. A status of Stripe that says nothing to us (also one it may add) leaves ours
 * as it is. `now` is when a debt that begins with this snapshot began.
 */
export function columnsAfter(row: Subscription, snapshot: Snapshot, now: Date): SubscriptionColumns {
  const { subscriptionId, customerId, createdAt, updatedAt, stripeFetchedAt, subscriptionStartDate, ...known } = row;
  const pastDueSince = owingSince(row, snapshot, now);
  const before = row.status;
  const status = statusOf(snapshot.stripeStatus, { pastDueSince, now }) ?? before;
  const trial = snapshot.trialEnd
    ? {
        trialStartDate: row.trialStartDate ?? dayOf(snapshot.trialStart),
        trialEndDate: utcDay(snapshot.trialEnd),
      }
    : {};
  return {
    ...known,
    ...planColumns(row, snapshot),
    ...endColumns(row, snapshot, status, now),
    ...trial,
    status,
    isTrial: status === 'TRIAL',
    stripeSubscriptionId: snapshot.stripeSubscriptionId,
    stripeStatus: snapshot.stripeStatus,
    periodStart: snapshot.periodStart,
    periodEnd: snapshot.periodEnd,
    pastDueSince,
    paymentMethodOnFile: snapshot.paymentMethodOnFile ?? row.paymentMethodOnFile,
  };
}

const plain = (value: unknown): unknown => (value instanceof Date ? value.getTime() : value);

/** Names of the columns in which two rows differ. */
export function changedColumns<Row extends object>(before: Row, after: Partial<Row>): (keyof Row)[] {
  return (Object.keys(after) as (keyof Row)[]).filter(name => plain(before[name]) !== plain(after[name]));
}

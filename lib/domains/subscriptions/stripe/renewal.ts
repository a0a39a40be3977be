/** Nobody is charged for an organization they asked to delete: its subscription does not renew, and does again when it stays. */
import { setTimeout as sleep } from 'node:timers/promises';
import { and, asc, eq, gt, inArray, isNotNull, isNull, or, sql } from 'drizzle-orm';
import type Stripe from 'stripe';
import { customers } from '@/lib/domains/customers/tables';
import { isLive, liveStatuses } from '@/lib/domains/subscriptions/status';
import { withBillingLock } from '@/lib/domains/subscriptions/stripe/billing-lock';
import { briefly } from '@/lib/domains/subscriptions/stripe/stripe-call';
import { isStripeAway } from '@/lib/domains/subscriptions/stripe/stripe-customer';
import { syncSubscription } from '@/lib/domains/subscriptions/sync/fetch';
import { idOf } from '@/lib/domains/subscriptions/sync/stripe-events';
import { subscriptions } from '@/lib/domains/subscriptions/tables';
import { auditLog } from '@/lib/kernel/tables';
import { type Clock, systemClock } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';
import { log } from '@/lib/platform/log';
import { stripe } from '@/lib/platform/stripe';

/** Stands in the subscription's metadata in Stripe while it is we who keep it from renewing. */
const mark = { key: 'ends_with', value: 'organization' };
/** How long an answer to a person waits for Stripe; what is not done by then goes on, or is left to the job. */
const patienceMs = 2_500;
const pageSize = 200;
const dayMs = 86_400_000;
/** A restoration is as old as this at most when its subscription still waits for it. */
const restoredWithinMs = 31 * dayMs;

const isEnding = (subscription: Stripe.Subscription): boolean =>
  subscription.cancel_at_period_end || subscription.cancel_at !== null;

/** Lets it end with the period. A planned change of plan goes with it: Stripe takes no end beside a schedule. */
async function stopRenewing(subscription: Stripe.Subscription): Promise<boolean> {
  if (isEnding(subscription)) return false;
  const schedule = idOf(subscription.schedule);
  if (schedule) await stripe().subscriptionSchedules.release(schedule, {}, briefly);
  const metadata = { [mark.key]: mark.value };
  await stripe().subscriptions.update(subscription.id, { cancel_at_period_end: true, metadata }, briefly);
  return true;
}

/** Takes back what stopRenewing did; an end that the customer chose in Stripe stays. */
async function renewAgain(subscription: Stripe.Subscription): Promise<boolean> {
  if (!subscription.cancel_at_period_end || subscription.metadata[mark.key] !== mark.value) return false;
  const metadata = { [mark.key]: '' };
  await stripe().subscriptions.update(subscription.id, { cancel_at_period_end: false, metadata }, briefly);
  return true;
}

const liveOnes = inArray(subscriptions.stripeStatus, [...liveStatuses]);

/**
 * Makes Stripe follow the organization: no renewal while its deletion is asked for, renewal again once it was restored.
 * Answers how many subscriptions changed; repeating it changes none. Throws Stripe's errors and AppError conflict.
 */
export async function followDeletion(customerId: string): Promise<number> {
  const [known] = await db()
    .select({ stripeCustomerId: customers.stripeCustomerId })
    .from(customers)
    .innerJoin(subscriptions, eq(subscriptions.customerId, customers.customerId))
    .where(and(eq(customers.customerId, customerId), isNotNull(customers.stripeCustomerId), liveOnes))
    .limit(1);
  if (!known?.stripeCustomerId) return 0;
  const customer = known.stripeCustomerId;
  return withBillingLock(customerId, async tx => {
    const [now] = await tx
      .select({ requestedAt: customers.deletionRequestedAt })
      .from(customers)
      .where(eq(customers.customerId, customerId));
    if (!now) return 0;
    const { data } = await stripe().subscriptions.list({ customer, status: 'all', limit: 100 }, briefly);
    let changed = 0;
    for (const subscription of data.filter(one => isLive(one.status))) {
      const isChanged = now.requestedAt ? await stopRenewing(subscription) : await renewAgain(subscription);
      if (!isChanged) continue;
      changed++;
      await syncSubscription(subscription.id, 'stripe', { tx });
    }
    return changed;
  });
}

/** Starts followDeletion and waits a moment for it; what fails is left to the job. Never throws. */
export async function followDeletionSoon(customerId: string): Promise<void> {
  const work = followDeletion(customerId).catch(error =>
    log().warn({ err: error, customer: customerId }, 'a subscription’s end is left to the job'),
  );
  const enough = new AbortController();
  await Promise.race([work, sleep(patienceMs, undefined, { signal: enough.signal })]).finally(() => enough.abort());
}

type Scope = { clock?: Clock; customers?: string[] };

/** Customers after `after` whose subscription would renew though deletion is asked for, or ends though it was restored. */
async function readBehind(now: Date, after: string, only?: string[]): Promise<string[]> {
  const restored = sql`EXISTS (SELECT FROM ${auditLog} WHERE ${auditLog.scope} = ${customers.customerId}
    AND ${auditLog.action} = 'organization.restore' AND ${auditLog.outcome} = 'ok'
    AND ${auditLog.occurredAt} > ${new Date(now.getTime() - restoredWithinMs).toISOString()}::timestamptz)`;
  const rows = await db()
    .selectDistinct({ customerId: customers.customerId })
    .from(customers)
    .innerJoin(subscriptions, eq(subscriptions.customerId, customers.customerId))
    .where(
      and(
        gt(customers.customerId, after),
        only ? inArray(customers.customerId, only) : undefined,
        isNotNull(customers.stripeCustomerId),
        liveOnes,
        or(
          and(isNotNull(customers.deletionRequestedAt), isNull(subscriptions.cancelAt)),
          and(isNull(customers.deletionRequestedAt), isNotNull(subscriptions.cancelAt), restored),
        ),
      ),
    )
    .orderBy(asc(customers.customerId))
    .limit(pageSize);
  return rows.map(row => row.customerId);
}

export type RenewalReport = { changed: number; failed: string[]; away: boolean };

/** Does what followDeletionSoon could not; stops where Stripe cannot be reached, one that fails does not stop the rest. */
export async function followDeletions({ clock = systemClock, customers: only }: Scope = {}): Promise<RenewalReport> {
  const report: RenewalReport = { changed: 0, failed: [], away: false };
  for (let page = await readBehind(clock(), '', only); page.length > 0; ) {
    for (const customerId of page) {
      try {
        report.changed += await followDeletion(customerId);
      } catch (error) {
        if (isStripeAway(error)) return { ...report, away: true };
        log().error({ err: error, customer: customerId }, 'a subscription could not follow its organization');
        report.failed.push(customerId);
      }
    }
    page = await readBehind(clock(), page.at(-1) ?? '', only);
  }
  return report;
}

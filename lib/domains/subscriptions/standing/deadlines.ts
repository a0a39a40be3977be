/**
 * Ends what time ends: trials without a subscription in Stripe, and the days in which runs go on unpaid.
 * Source: docs/architecture.md, Status.
 */
import { and, asc, desc, eq, gt, inArray, isNull, lt, lte, or, sql } from 'drizzle-orm';
import { z } from 'zod';
import { lockCustomer } from '@/lib/domains/customers/profile';
import { customers } from '@/lib/domains/customers/tables';
import { notify } from '@/lib/domains/notifications/notify';
import { currentSubscription } from '@/lib/domains/subscriptions/plans/current-subscription';
import { graceDays } from '@/lib/domains/subscriptions/rules';
import { storeStatus } from '@/lib/domains/subscriptions/standing/store-status';
import { graceEnd } from '@/lib/domains/subscriptions/status';
import { type Subscription, subscriptions } from '@/lib/domains/subscriptions/tables';
import { type Change, defineCommand } from '@/lib/kernel/command';
import { type Ctx, requireCustomer, systemCtx } from '@/lib/kernel/ctx';
import { type Clock, systemClock, utcDay } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';
import { log } from '@/lib/platform/log';

const pageSize = 200;
const dayMs = 86_400_000;

type Deadline = 'trial_end' | 'grace_end';

/** The deadline that this subscription is past; null for none. A trial's last day is a whole UTC day. */
export function deadlineOf(
  subscription: Pick<Subscription, 'status' | 'stripeSubscriptionId' | 'trialEndDate' | 'pastDueSince'>,
  now: Date,
): Deadline | null {
  const { status, stripeSubscriptionId, trialEndDate, pastDueSince } = subscription;
  if (status === 'TRIAL' && stripeSubscriptionId === null && trialEndDate !== null && trialEndDate < utcDay(now))
    return 'trial_end';
  return status === 'PAST_DUE' && pastDueSince !== null && graceEnd(pastDueSince) <= now ? 'grace_end' : null;
}

const auditView = ({ planName, status, trialEndDate }: Subscription) => ({
  plan: planName,
  status,
  trial_end_date: trialEndDate,
});

/**
 * Ends the caller's subscription if its trial or its days of grace are over by now: runs are refused from the commit on,
 * reading goes on. Changes nothing otherwise. AppError not_found. Source: docs/architecture.md, Status.
 */
export const expireSubscription = defineCommand({
  name: 'subscription.expire',
  permission: 'staff:write',
  input: z.strictObject({}),
  run: async ({ ctx, tx }): Promise<Change<{ status: string }>> => {
    const customer = await lockCustomer(tx, requireCustomer(ctx).customerId);
    const known = await currentSubscription(tx, customer.customerId, { lock: true });
    const now = ctx.clock();
    const deadline = deadlineOf(known, now);
    if (deadline === null) return { result: { status: known.status }, unchanged: true };
    const ended = deadline === 'trial_end' ? { isTrial: false, nextBillingDate: null } : {};
    const stored = await storeStatus(
      tx,
      ctx,
      { customer, subscription: known },
      { status: 'EXPIRED', ...ended },
      deadline,
    );
    // Choosing a plan helps neither a suspended organization nor one that is to be deleted.
    const mayGoOn = stored.customer.status !== 'SUSPENDED' && stored.customer.deletionRequestedAt === null;
    if (deadline === 'trial_end' && known.trialEndDate !== null && mayGoOn) {
      const data = { trial_end_date: known.trialEndDate, plan: known.planName };
      await notify(tx, { event: 'trial_ended', customerId: customer.customerId, at: now, data });
    }
    return {
      result: { status: stored.subscription.status },
      target: { type: 'customer', id: customer.customerId },
      before: auditView(known),
      after: auditView(stored.subscription),
      mirror: stored.mirror,
    };
  },
});

type Scope = { clock?: Clock; customers?: string[] };
type Candidate = { customerId: string; tenantDatasetId: string };

/** Customers after `after` whose newest subscription is past a deadline, in order of id; at most one page. */
async function readDue(now: Date, after: string, only?: string[]): Promise<Candidate[]> {
  const newest = db()
    .selectDistinctOn([subscriptions.customerId], {
      customerId: subscriptions.customerId,
      status: subscriptions.status,
      stripeSubscriptionId: subscriptions.stripeSubscriptionId,
      trialEndDate: subscriptions.trialEndDate,
      pastDueSince: subscriptions.pastDueSince,
    })
    .from(subscriptions)
    .where(and(gt(subscriptions.customerId, after), only ? inArray(subscriptions.customerId, only) : undefined))
    .orderBy(asc(subscriptions.customerId), desc(subscriptions.createdAt))
    .as('newest');
  const trialOver = and(
    eq(newest.status, 'TRIAL'),
    isNull(newest.stripeSubscriptionId),
    lt(newest.trialEndDate, utcDay(now)),
  );
  const graceOver = and(
    eq(newest.status, 'PAST_DUE'),
    lte(newest.pastDueSince, new Date(now.getTime() - graceDays * dayMs)),
  );
  return db()
    .select({ customerId: newest.customerId, tenantDatasetId: customers.tenantDatasetId })
    .from(newest)
    .innerJoin(customers, eq(customers.customerId, newest.customerId))
    .where(or(trialOver, graceOver))
    .orderBy(sql`${newest.customerId}`)
    .limit(pageSize);
}

export type DeadlinesReport = { expired: number; failed: string[] };

/** Ends every subscription that is past a deadline, each in its own transaction; one that fails does not stop the rest. */
export async function followDeadlines({ clock = systemClock, customers: only }: Scope = {}): Promise<DeadlinesReport> {
  const report: DeadlinesReport = { expired: 0, failed: [] };
  for (let page = await readDue(clock(), '', only); page.length > 0; ) {
    for (const candidate of page) {
      const ctx: Ctx = systemCtx('job:subscription.follow_deadlines', candidate, clock);
      try {
        const { result } = await expireSubscription(ctx, {});
        if (result.status === 'EXPIRED') report.expired++;
      } catch (error) {
        log().error({ err: error, customer: candidate.customerId }, 'a subscription could not be ended');
        report.failed.push(candidate.customerId);
      }
    }
    page = await readDue(clock(), page.at(-1)?.customerId ?? '', only);
  }
  return report;
}

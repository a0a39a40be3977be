/** What a change of plan would cost and when it would hold, asked of Stripe before anybody confirms it. */
import { eq } from 'drizzle-orm';
import { customers } from '@/lib/domains/customers/tables';
import { type Misfit, misfitsOf, refusalOf } from '@/lib/domains/subscriptions/change/change-rules';
import { termsOf } from '@/lib/domains/subscriptions/change/change-terms';
import {
  type CurrentSubscription,
  type LiveSubscription,
  readLive,
} from '@/lib/domains/subscriptions/change/live-subscription';
import { type PendingUpgrade, readPending } from '@/lib/domains/subscriptions/change/pending-upgrade';
import { readPlanUsage } from '@/lib/domains/subscriptions/plan-usage';
import type { Direction } from '@/lib/domains/subscriptions/rules';
import { type PlanName, plans } from '@/lib/domains/subscriptions/rules';
import { authorise } from '@/lib/kernel/command';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { type Db, db, type Tx } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

export type ChangePreview = {
  from: PlanName;
  to: PlanName;
  direction: Direction;
  /** In the currency's smallest unit; 0 where nothing is due now. */
  amount_due_cents: number;
  /** ISO code in capitals. */
  currency: string;
  /** The instant, in Unix seconds of Stripe's time, that the amount was computed for; null where nothing is due now. */
  proration_date: number | null;
  /** When the new plan holds; null for at once. */
  effective_at: Date | null;
  /** End of a trial that goes on; null outside of one. */
  trial_end: Date | null;
  /** What the current plan costs a month, also at a price that is no longer offered. */
  current_price_cents: number;
  /** The plan's price from then on. */
  monthly_price_cents: number;
  misfits: Misfit[];
  /** An upgrade that waits for the cardholder to confirm its payment; null where none does. */
  payment: PendingUpgrade | null;
};

/** The subscription that may change now. Throws AppError conflict with what to do otherwise. */
function requireChangeable(live: LiveSubscription | null): LiveSubscription {
  if (!live)
    throw new AppError('conflict', 'There is no paid plan to change. Choose a plan on the Billing page to start one.', {
      details: { next: 'checkout' },
    });
  const refusal = refusalOf(live);
  if (refusal) throw new AppError('conflict', refusal, { details: { next: 'portal' } });
  return live;
}

/** Row and subscription of a plan that may change now. Throws AppError conflict with what to do otherwise. */
export async function readChangeable(
  store: Db | Tx,
  customerId: string,
): Promise<CurrentSubscription & { live: LiveSubscription }> {
  const [customer] = await store
    .select({ deletionRequestedAt: customers.deletionRequestedAt })
    .from(customers)
    .where(eq(customers.customerId, customerId));
  if (customer?.deletionRequestedAt)
    throw new AppError('conflict', 'This organization is about to be erased. Restore it before you change the plan.');
  const { row, live } = await readLive(store, customerId);
  return { row, live: requireChangeable(live) };
}

/** Asks Stripe what changing to the plan would mean. AppError forbidden, conflict where it may not change, payment_service_unavailable. */
export async function previewChange(ctx: CustomerCtx, plan: PlanName): Promise<ChangePreview> {
  await authorise(ctx, 'billing:write', 'subscription.preview');
  const [found, use] = await Promise.all([readChangeable(db(), ctx.customerId), readPlanUsage(ctx)]);
  const { from, direction, amountDueCents, currency, prorationDate } = await termsOf(found, plan);
  const { row, live } = found;
  const [paid, pending] = [row.planName === from ? row.monthlyPriceUsd : null, await readPending(live)];
  return {
    from,
    to: plan,
    direction,
    amount_due_cents: amountDueCents,
    currency,
    proration_date: prorationDate,
    effective_at: direction === 'downgrade' ? (live.trialEnd ?? live.periodEnd) : null,
    trial_end: live.trialEnd,
    current_price_cents: Math.round(Number(paid ?? plans[from].priceUsdPerMonth) * 100),
    monthly_price_cents: plans[plan].priceUsdPerMonth * 100,
    misfits: direction === 'downgrade' ? misfitsOf(plan, use) : [],
    payment: pending,
  };
}

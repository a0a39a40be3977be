/** A customer's plan as callers may see it: what is current, what is planned, what is owed. Pure. */
import { trialEnd } from '@/lib/domains/subscriptions/change/change-rules';
import type { PlanName, SubscriptionStatus } from '@/lib/domains/subscriptions/rules';
import { graceEnd, isLive } from '@/lib/domains/subscriptions/status';
import type { Subscription } from '@/lib/domains/subscriptions/tables';

export type BillingView = {
  plan: PlanName;
  status: SubscriptionStatus;
  /** True while support has suspended the organization; plan and payment go on, runs do not. */
  is_suspended: boolean;
  monthly_price_cents: number;
  /** ISO code in capitals. */
  currency: string;
  /** True while Stripe goes on charging; else a plan is started by Checkout. */
  has_subscription: boolean;
  /** Whether Stripe can charge without the customer; null while that is not known. */
  card_on_file: boolean | null;
  /** While the trial lasts. `last_day` is yyyy-mm-dd (UTC); `ends_at` is Stripe's own instant, without Stripe that day's last second. */
  trial: { last_day: string; ends_at: Date } | null;
  /** Last day of the trial there was, yyyy-mm-dd; null when there never was one. */
  trial_end_date: string | null;
  /** The next charge as the plan's price has it; null where none follows. */
  next_invoice: { at: Date; amount_cents: number } | null;
  /** When it ends by the customer's own wish; null while it renews. */
  ends_at: Date | null;
  /** When it ended; null while it lasts. */
  ended_at: Date | null;
  /** A change of plan at the period's end. */
  scheduled: { plan: PlanName; at: Date } | null;
  /** While a payment is owed: since when, why, until when runs go on, and Stripe's page of the open invoice. */
  past_due: {
    since: Date;
    failed_at: Date | null;
    reason: string | null;
    runs_until: Date;
    invoice_url: string | null;
  } | null;
  updated_at: Date;
};

const cents = (usd: string): number => Math.round(Number(usd) * 100);

function nextInvoice(
  { stripeStatus, cancelAt, periodEnd }: Subscription,
  amountCents: number,
): BillingView['next_invoice'] {
  if (!periodEnd || cancelAt || (stripeStatus !== 'active' && stripeStatus !== 'trialing')) return null;
  return { at: periodEnd, amount_cents: amountCents };
}

/** When the trial is over: with a subscription in Stripe it may end within its last day. */
const endOfTrial = ({ stripeStatus, periodEnd }: Subscription, lastDay: string): Date =>
  stripeStatus === 'trialing' && periodEnd ? periodEnd : trialEnd(lastDay);

/** The view of the current row. `priceCentsOf` names a plan's price of a month, `owedUrl` Stripe's page of the open invoice. */
export function viewOf(
  row: Subscription,
  customerStatus: string,
  priceCentsOf: (plan: PlanName) => number,
  owedUrl: string | null = null,
): BillingView {
  const status = row.status;
  const plan = row.planName;
  const scheduled =
    row.scheduledPlanName && row.scheduledAt ? { plan: row.scheduledPlanName, at: row.scheduledAt } : null;
  const priceCents = row.monthlyPriceUsd === null ? priceCentsOf(plan) : cents(row.monthlyPriceUsd);
  const takesOver = scheduled && row.periodEnd && scheduled.at <= row.periodEnd;
  return {
    plan,
    status,
    is_suspended: customerStatus === 'SUSPENDED',
    monthly_price_cents: priceCents,
    currency: row.currency,
    has_subscription: isLive(row.stripeStatus),
    card_on_file: row.paymentMethodOnFile,
    trial:
      status === 'TRIAL' && row.trialEndDate
        ? { last_day: row.trialEndDate, ends_at: endOfTrial(row, row.trialEndDate) }
        : null,
    trial_end_date: row.trialEndDate,
    next_invoice: nextInvoice(row, takesOver ? priceCentsOf(scheduled.plan) : priceCents),
    ends_at: isLive(row.stripeStatus) ? row.cancelAt : null,
    ended_at: status === 'CANCELLED' ? row.cancelledAt : null,
    scheduled,
    past_due: row.pastDueSince
      ? {
          since: row.pastDueSince,
          failed_at: row.lastPaymentFailedAt,
          reason: row.lastPaymentError,
          runs_until: graceEnd(row.pastDueSince),
          invoice_url: owedUrl,
        }
      : null,
    updated_at: row.updatedAt,
  };
}

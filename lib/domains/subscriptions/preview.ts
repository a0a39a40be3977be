/** What a change of plan would cost and when it would hold, asked of Stripe before anybody confirms it. */
import type Stripe from 'stripe';
import {
  type Direction,
  directionOf,
  type Misfit,
  misfitsOf,
  refusalOf,
} from '@/lib/domains/subscriptions/change-rules';
import { type LiveSubscription, readLive } from '@/lib/domains/subscriptions/live-subscription';
import { type PlanName, plans } from '@/lib/domains/subscriptions/rules';
import { asking, briefly } from '@/lib/domains/subscriptions/stripe-call';
import { priceIdOf } from '@/lib/domains/subscriptions/stripe-price';
import { readUse } from '@/lib/domains/subscriptions/use';
import { authorise } from '@/lib/kernel/command';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { db } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';
import { stripe } from '@/lib/platform/stripe';

export type ChangePreview = {
  from: PlanName;
  to: PlanName;
  direction: Direction;
  /** In the currency's smallest unit; 0 where nothing is due now. */
  amount_due_cents: number;
  /** ISO code in capitals. */
  currency: string;
  /** The instant, in Unix seconds, that the amount was computed for; null where nothing is due now. */
  proration_date: number | null;
  /** When the new plan holds; null for at once. */
  effective_at: Date | null;
  /** End of a trial that goes on; null outside of one. */
  trial_end: Date | null;
  /** The plan's price from then on. */
  monthly_price_cents: number;
  misfits: Misfit[];
};

type Amount = { amountDueCents: number; currency: string; prorationDate: number };

/** Where Stripe computed the proration: it says so, or each of its lines begins there. */
function prorationDateOf(invoice: Stripe.Invoice): number {
  const named = invoice.parent?.subscription_details?.subscription_proration_date;
  const starts = invoice.lines.data.map(line => line.period.start);
  const date = named ?? (starts.length > 0 ? Math.max(...starts) : undefined);
  if (date === undefined) throw new Error('the preview names no instant');
  return date;
}

/** What Stripe would charge at once for the price, computed for `prorationDate` or, without one, for now. */
export async function amountOfUpgrade(
  live: LiveSubscription,
  priceId: string,
  prorationDate?: number,
): Promise<Amount> {
  const invoice = await asking(() =>
    stripe().invoices.createPreview(
      {
        subscription: live.id,
        subscription_details: {
          items: [{ id: live.itemId, price: priceId }],
          proration_behavior: 'always_invoice',
          ...(prorationDate === undefined ? {} : { proration_date: prorationDate }),
        },
      },
      briefly,
    ),
  );
  return {
    amountDueCents: invoice.amount_due,
    currency: invoice.currency.toUpperCase(),
    prorationDate: prorationDateOf(invoice),
  };
}

/** The subscription that may change now. Throws AppError conflict with what to do otherwise. */
export function requireChangeable(live: LiveSubscription | null): LiveSubscription {
  if (!live)
    throw new AppError('conflict', 'There is no paid plan to change. Choose a plan on the Billing page to start one.', {
      details: { next: 'checkout' },
    });
  const refusal = refusalOf(live);
  if (refusal) throw new AppError('conflict', refusal, { details: { next: 'portal' } });
  return live;
}

/** Asks Stripe what changing to the plan would mean. AppError forbidden, conflict where it may not change, payment_service_unavailable. */
export async function previewChange(ctx: CustomerCtx, plan: PlanName): Promise<ChangePreview> {
  await authorise(ctx, 'billing:write', 'subscription.preview');
  const [{ row, live: found }, use] = await Promise.all([readLive(db(), ctx.customerId), readUse(ctx)]);
  const live = requireChangeable(found);
  const from = row.planName as PlanName;
  const direction = directionOf(from, plan);
  const { trialEnd } = live;
  const due = direction === 'upgrade' && !trialEnd ? await amountOfUpgrade(live, await priceIdOf(plan)) : null;
  return {
    from,
    to: plan,
    direction,
    amount_due_cents: due?.amountDueCents ?? 0,
    currency: due?.currency ?? row.currency,
    proration_date: due?.prorationDate ?? null,
    effective_at: direction === 'downgrade' ? (trialEnd ?? live.periodEnd) : null,
    trial_end: trialEnd,
    monthly_price_cents: plans[plan].priceUsdPerMonth * 100,
    misfits: direction === 'downgrade' ? misfitsOf(plan, use) : [],
  };
}

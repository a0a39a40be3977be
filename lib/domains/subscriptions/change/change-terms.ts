/** What a change of plan means now, and whether that is what was confirmed: nobody is charged an amount that nobody saw. */
import Stripe from 'stripe';
import { isFreshQuote } from '@/lib/domains/subscriptions/change/change-rules';
import type { CurrentSubscription, LiveSubscription } from '@/lib/domains/subscriptions/change/live-subscription';
import type { ChangePlanInput } from '@/lib/domains/subscriptions/input';
import { amountText } from '@/lib/domains/subscriptions/reports/reports-csv';
import type { PlanName } from '@/lib/domains/subscriptions/rules';
import { type Direction, directionOf } from '@/lib/domains/subscriptions/rules';
import { asking, briefly } from '@/lib/domains/subscriptions/stripe/stripe-call';
import { priceIdOf } from '@/lib/domains/subscriptions/stripe/stripe-price';
import { AppError } from '@/lib/platform/errors';
import { stripe } from '@/lib/platform/stripe';

type Amount = { amountDueCents: number; currency: string; prorationDate: number };

export type Terms = {
  from: PlanName;
  direction: Direction;
  /** In the currency's smallest unit; 0 where nothing is due now. */
  amountDueCents: number;
  /** ISO code in capitals. */
  currency: string;
  /** The instant that the amount was computed for, in Unix seconds of Stripe's time; null where nothing is due now. */
  prorationDate: number | null;
  /** The price that the amount was computed for; null where nothing is due now. */
  priceId: string | null;
};

/** Where Stripe computed the proration: it says so, or each of its lines begins there. */
function prorationDateOf(invoice: Stripe.Invoice): number {
  const named = invoice.parent?.subscription_details?.subscription_proration_date;
  const starts = invoice.lines.data.map(line => line.period.start);
  const date = named ?? (starts.length > 0 ? Math.max(...starts) : undefined);
  if (date === undefined) throw new Error('the preview names no instant');
  return date;
}

/** What Stripe would charge at once for the price, computed for `prorationDate` or, without one, for now. */
async function amountOfUpgrade(live: LiveSubscription, priceId: string, prorationDate?: number): Promise<Amount> {
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

/** What changing to the plan means in this second, by the plan that Stripe bills now. AppError payment_service_unavailable. */
export async function termsOf(
  { row, live }: CurrentSubscription & { live: LiveSubscription },
  plan: PlanName,
): Promise<Terms> {
  const from = live.plan ?? row.planName;
  const direction = directionOf(from, plan);
  if (direction !== 'upgrade' || live.trialEnd)
    return { from, direction, amountDueCents: 0, currency: row.currency, prorationDate: null, priceId: null };
  const priceId = await priceIdOf(plan);
  return { from, direction, priceId, ...(await amountOfUpgrade(live, priceId)) };
}

const lookAgain = 'Nothing was changed. Look at it again, then confirm.';

/** The refusal, with what holds now, so that a program can show it and a person confirm it. */
function refused(now: Terms, sentence: string): AppError {
  const { direction, amountDueCents, currency, prorationDate } = now;
  return new AppError('conflict', `${sentence} ${lookAgain}`, {
    details: { direction, amount_due_cents: amountDueCents, currency, proration_date: prorationDate },
  });
}

const costOf = ({ amountDueCents, currency }: Terms) => `${amountText(amountDueCents, currency)} ${currency}`;

function otherDirection(now: Terms): AppError {
  if (now.direction === 'upgrade')
    return refused(now, `The plan has changed meanwhile: this is an upgrade now, for ${costOf(now)}.`);
  return refused(now, 'The plan has changed meanwhile: this change holds from the end of the paid period now.');
}

/** The amount for the confirmed instant; null where that instant is too old, yet to come, or of another period. */
async function quoted(live: LiveSubscription, now: Terms, at: number): Promise<Terms | null> {
  if (at === now.prorationDate) return now;
  if (now.prorationDate === null || now.priceId === null || !isFreshQuote(at, now.prorationDate)) return null;
  try {
    return { ...now, ...(await amountOfUpgrade(live, now.priceId, at)) };
  } catch (error) {
    if (error instanceof Stripe.errors.StripeInvalidRequestError && /proration_date/.test(error.param ?? ''))
      return null;
    throw error;
  }
}

/**
 * The terms that the caller has confirmed. Throws AppError conflict, with what holds now, where direction or amount are
 * others by now, where the instant is not of the last 15 minutes, or where a charge was not confirmed at all.
 */
export async function confirmedTerms(live: LiveSubscription, now: Terms, input: ChangePlanInput): Promise<Terms> {
  const { direction, amount_cents: amount, proration_date: at } = input;
  if (now.direction === 'same') return now;
  if (direction !== undefined && direction !== now.direction) throw otherDirection(now);
  const changed = () => refused(now, `The amount has changed to ${costOf(now)}.`);
  if (now.prorationDate === null) {
    if (amount !== undefined && amount !== 0) throw changed();
    return now;
  }
  if (amount === undefined) throw refused(now, `This change costs ${costOf(now)}.`);
  const terms = at === undefined ? now : await quoted(live, now, at);
  if (terms?.amountDueCents !== amount) throw changed();
  return terms;
}

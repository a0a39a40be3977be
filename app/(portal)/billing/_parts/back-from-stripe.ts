/** What the address says of a visit to Stripe, asked of Stripe before the page is shown. */
import { redirect } from 'next/navigation';
import type { ListParams } from '@/app/_ui/list-params';
import {
  type CheckoutOutcome,
  refreshSubscription,
  settleCheckout,
} from '@/lib/domains/subscriptions/checkout/checkout-return';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { AppError, type ErrorCode } from '@/lib/platform/errors';

/**
 * unsure: Stripe could not be asked now what came of Checkout. away: nor what the portal changed. card: from where a card is
 * put in, so what is owed may be charged to it. none: from elsewhere.
 */
export type Return = CheckoutOutcome | 'unsure' | 'away' | 'card' | 'none';

/** While it is open whether a plan was paid, none is offered again. */
export const isOpen = (outcome: Return): boolean => outcome === 'pending' || outcome === 'unsure';

/** Stripe away or slow, or another change of the plan under way: the page goes on with what is stored. */
const passing: readonly ErrorCode[] = ['payment_service_unavailable', 'conflict'];

async function orAway<Answer>(work: Promise<Answer>): Promise<Answer | 'away'> {
  return work.catch(error => {
    if (error instanceof AppError && passing.includes(error.code)) return 'away';
    throw error;
  });
}

/**
 * Asks Stripe what the visitor comes back from; a plan that was started leads to the page's own address. Whoever opens the
 * address may have been sent here, so nothing is charged by it: paying is a form (payOwedAction).
 */
export async function backFromStripe(ctx: CustomerCtx, search: ListParams): Promise<Return> {
  if (search.checkout) {
    const outcome = await orAway(settleCheckout(ctx, search.checkout));
    if (outcome === 'settled') redirect('/billing?done=started');
    return outcome === 'away' ? 'unsure' : outcome;
  }
  if (!search.returned) return 'none';
  if ((await orAway(refreshSubscription(ctx))) === 'away') return 'away';
  return search.returned === 'card' ? 'card' : 'none';
}

/** What the address says of a visit to Stripe, asked of Stripe before the page is shown. */
import { redirect } from 'next/navigation';
import type { ListParams } from '@/app/_ui/list-params';
import { type CheckoutOutcome, refreshSubscription, settleCheckout } from '@/lib/domains/subscriptions/checkout-return';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { AppError } from '@/lib/platform/errors';

/** unsure: Stripe could not be asked what came of Checkout. away: nor what the portal changed. none: from elsewhere. */
export type Return = CheckoutOutcome | 'unsure' | 'away' | 'none';

/** While it is open whether a plan was paid, none is offered again. */
export const isOpen = (outcome: Return): boolean => outcome === 'pending' || outcome === 'unsure';

async function orAway<Answer>(work: Promise<Answer>): Promise<Answer | 'away'> {
  return work.catch(error => {
    if (error instanceof AppError && error.code === 'payment_service_unavailable') return 'away';
    throw error;
  });
}

/** Settles what the visitor comes back from. A plan that is in force leads to the page's own address. */
export async function backFromStripe(ctx: CustomerCtx, search: ListParams): Promise<Return> {
  if (search.checkout) {
    const outcome = await orAway(settleCheckout(ctx, search.checkout));
    if (outcome === 'settled') redirect('/billing?done=started');
    return outcome === 'away' ? 'unsure' : outcome;
  }
  if (!search.returned) return 'none';
  return (await orAway(refreshSubscription(ctx))) === 'away' ? 'away' : 'none';
}

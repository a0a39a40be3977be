/** What the address says of a visit to Stripe, asked of Stripe before the page is shown. */
import { redirect } from 'next/navigation';
import type { ListParams } from '@/app/_ui/list-params';
import {
  type CheckoutOutcome,
  refreshSubscription,
  settleCheckout,
} from '@/lib/domains/subscriptions/checkout/checkout-return';
import { payOwed } from '@/lib/domains/subscriptions/invoices/pay-owed';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { AppError, type ErrorCode } from '@/lib/platform/errors';

/** unsure: Stripe could not be asked now what came of Checkout. away: nor what the portal changed. none: from elsewhere. */
export type Return = CheckoutOutcome | 'unsure' | 'away' | 'none';

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

/** A card was put in: what is owed is charged to it, and the page's own address says what came of it. */
async function payWithNewCard(ctx: CustomerCtx): Promise<Return> {
  const paid = await orAway(payOwed(ctx, {}));
  if (paid === 'away') return 'away';
  const { outcome } = paid.result;
  if (outcome !== 'nothing') redirect(`/billing?done=${outcome}`);
  return 'none';
}

/** Settles what the visitor comes back from. A plan that is in force leads to the page's own address. */
export async function backFromStripe(ctx: CustomerCtx, search: ListParams): Promise<Return> {
  if (search.checkout) {
    const outcome = await orAway(settleCheckout(ctx, search.checkout));
    if (outcome === 'settled') redirect('/billing?done=started');
    return outcome === 'away' ? 'unsure' : outcome;
  }
  if (!search.returned) return 'none';
  if ((await orAway(refreshSubscription(ctx))) === 'away') return 'away';
  return search.returned === 'card' ? payWithNewCard(ctx) : 'none';
}

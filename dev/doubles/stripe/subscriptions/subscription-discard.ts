/** A waiting change that is forgotten. */
import { voidInvoice } from '@/dev/doubles/stripe/invoices/invoices';
import type { StripeState } from '@/dev/doubles/stripe/state';
import type { Subscription } from '@/dev/doubles/stripe/wire';

/** Forgets a change that waits and takes its invoice back: time is up, another update came, or a phase has changed. */
export function discardPendingUpdate(state: StripeState, subscription: Subscription): void {
  if (!subscription.pending_update) return;
  const invoice = state.invoices[subscription.latest_invoice ?? ''];
  if (invoice?.status === 'open') voidInvoice(state, invoice);
  subscription.pending_update = null;
}

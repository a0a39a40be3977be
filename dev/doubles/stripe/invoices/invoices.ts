/** The life of an invoice: draft, open, and paid, void or uncollectible. Each step is told as an event. */
import { changing, tell } from '@/dev/doubles/stripe/changes';
import { now } from '@/dev/doubles/stripe/clock';
import { StripeError } from '@/dev/doubles/stripe/errors';
import { customerOfSubscription, settle, subscriptionOf } from '@/dev/doubles/stripe/invoices/invoice-shape';
import { cancelPayment, openPayment } from '@/dev/doubles/stripe/payments/payment-intents';
import type { StripeState } from '@/dev/doubles/stripe/state';
import { afterGivenUp, afterPaid } from '@/dev/doubles/stripe/subscriptions/subscription-payment';
import type { Invoice } from '@/dev/doubles/stripe/wire';

/** Keeps a new draft. */
export function keepInvoice(state: StripeState, invoice: Invoice): Invoice {
  state.invoices[invoice.id] = invoice;
  tell(state, 'invoice.created', invoice);
  return invoice;
}

/** Settles the customer's balance and numbers the invoice, as `PREFIX-0001`. */
function close(state: StripeState, invoice: Invoice): void {
  const customer = state.customers[invoice.customer ?? ''];
  const at = now(state, invoice.customer);
  const { due, ending } = settle(invoice.total, customer?.balance ?? 0);
  if (customer) {
    const sequence = customer.next_invoice_sequence ?? 1;
    invoice.number = `${customer.invoice_prefix}-${String(sequence).padStart(4, '0')}`;
    customer.next_invoice_sequence = sequence + 1;
    invoice.starting_balance = customer.balance;
    customer.balance = ending;
  }
  Object.assign(invoice, { amount_due: due, amount_remaining: due, ending_balance: ending, status: 'open' });
  Object.assign(invoice, { automatically_finalizes_at: null, next_payment_attempt: null, effective_at: at });
  invoice.status_transitions.finalized_at = at;
  invoice.hosted_invoice_url = `${state.baseUrl}/i/${invoice.id}`;
  invoice.invoice_pdf = `${state.baseUrl}/i/${invoice.id}/pdf`;
}

/** Opens a draft; where nothing is due it is paid with that. Throws 400 for one that is no draft. */
export function finalizeInvoice(state: StripeState, invoice: Invoice): void {
  if (invoice.status !== 'draft') {
    throw new StripeError(400, 'This invoice is already finalized, you can’t re-finalize a non-draft invoice.', {
      code: 'invoice_not_editable',
    });
  }
  close(state, invoice);
  if (invoice.amount_due > 0) openPayment(state, invoice);
  tell(state, 'invoice.finalized', invoice);
  tell(state, 'invoice.updated', invoice, { status: 'draft' });
  if (invoice.amount_due === 0) markPaid(state, invoice);
}

/** Marks an invoice as paid and lets its subscription go on. */
export function markPaid(state: StripeState, invoice: Invoice): void {
  const at = now(state, invoice.customer);
  changing(state, 'invoice.updated', invoice, () => {
    Object.assign(invoice, { status: 'paid', attempted: true, next_payment_attempt: null });
    Object.assign(invoice, { amount_paid: invoice.amount_due, amount_remaining: 0 });
    invoice.status_transitions.paid_at = at;
  });
  tell(state, 'invoice.paid', invoice);
  tell(state, 'invoice.payment_succeeded', invoice);
  const subscription = subscriptionOf(state, invoice);
  if (subscription) afterPaid(state, subscription, invoice);
}

function mustBe(invoice: Invoice, wanted: string[], verb: string): void {
  if (wanted.includes(invoice.status ?? '')) return;
  throw new StripeError(
    400,
    `You can only ${verb} an invoice that is ${wanted.join(' or ')}; this one is ${invoice.status}.`,
    {
      code: 'invoice_not_editable',
    },
  );
}

/** Takes an open invoice back. */
export function voidInvoice(state: StripeState, invoice: Invoice): void {
  mustBe(invoice, ['open', 'uncollectible'], 'void');
  invoice.status = 'void';
  invoice.next_payment_attempt = null;
  invoice.status_transitions.voided_at = now(state, invoice.customer);
  cancelPayment(state, invoice);
  // What the balance gave to it goes back to the customer.
  const subscription = subscriptionOf(state, invoice);
  if (subscription)
    customerOfSubscription(state, subscription).balance += invoice.starting_balance - (invoice.ending_balance ?? 0);
  tell(state, 'invoice.voided', invoice);
  if (subscription) afterGivenUp(state, subscription, invoice);
}

/** Writes an open invoice off. */
export function markUncollectible(state: StripeState, invoice: Invoice): void {
  mustBe(invoice, ['open'], 'mark as uncollectible');
  invoice.status = 'uncollectible';
  invoice.next_payment_attempt = null;
  invoice.status_transitions.marked_uncollectible_at = now(state, invoice.customer);
  tell(state, 'invoice.marked_uncollectible', invoice);
  const subscription = subscriptionOf(state, invoice);
  if (subscription) afterGivenUp(state, subscription, invoice);
}

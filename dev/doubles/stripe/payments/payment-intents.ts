/** Payment intents of invoices: one for each invoice with something to pay; its last error is what a customer is told. */
import { now } from '@/dev/doubles/stripe/clock';
import { declineTexts } from '@/dev/doubles/stripe/errors';
import { type CardBehaviour, newId, type StripeState } from '@/dev/doubles/stripe/state';
import type { Invoice, InvoicePayment, PaymentIntent } from '@/dev/doubles/stripe/wire';

const paymentIntent = (id: string, invoice: Invoice, created: number): PaymentIntent => ({
  id,
  object: 'payment_intent',
  allowed_payment_method_types: null,
  amount: invoice.amount_due,
  amount_capturable: 0,
  amount_received: 0,
  application: null,
  application_fee_amount: null,
  automatic_payment_methods: null,
  canceled_at: null,
  cancellation_reason: null,
  capture_method: 'automatic',
  client_secret: `${id}_secret_${newId('x', 8).slice(2)}`,
  confirmation_method: 'automatic',
  created,
  currency: invoice.currency,
  customer: invoice.customer,
  customer_account: null,
  description: 'Subscription',
  excluded_payment_method_types: null,
  last_payment_error: null,
  latest_charge: null,
  livemode: false,
  managed_payments: null,
  metadata: {},
  next_action: null,
  on_behalf_of: null,
  payment_method: null,
  payment_method_configuration_details: null,
  payment_method_options: null,
  payment_method_types: ['card'],
  payment_record: null,
  processing: null,
  receipt_email: null,
  review: null,
  setup_future_usage: 'off_session',
  shipping: null,
  source: null,
  statement_descriptor: null,
  statement_descriptor_suffix: null,
  status: 'requires_payment_method',
  transfer_data: null,
  transfer_group: null,
});

/** An invoice has one payment here, so that its id is found without a search. */
const paymentId = (invoice: string) => `inpay_${invoice.replace(/^in_/, '')}`;

/** Gives a finalized invoice what it is paid by. */
export function openPayment(state: StripeState, invoice: Invoice): InvoicePayment {
  const created = now(state, invoice.customer);
  const intent = paymentIntent(newId('pi'), invoice, created);
  const payment: InvoicePayment = {
    id: paymentId(invoice.id),
    object: 'invoice_payment',
    amount_paid: null,
    amount_requested: invoice.amount_due,
    created,
    currency: invoice.currency,
    invoice: invoice.id,
    is_default: true,
    livemode: false,
    payment: { payment_intent: intent.id, type: 'payment_intent' },
    status: 'open',
    status_transitions: { canceled_at: null, paid_at: null },
  };
  state.paymentIntents[intent.id] = intent;
  state.invoicePayments[payment.id] = payment;
  return payment;
}

export function paymentsOf(state: StripeState, invoice: string): InvoicePayment[] {
  const payment = state.invoicePayments[paymentId(invoice)];
  return payment ? [payment] : [];
}

/** The intent that an invoice is paid by; undefined while it is a draft or where nothing is due. */
export function intentOf(state: StripeState, invoice: string): PaymentIntent | undefined {
  const id = paymentsOf(state, invoice)[0]?.payment.payment_intent;
  return typeof id === 'string' ? state.paymentIntents[id] : undefined;
}

export type Outcome = 'paid' | 'declined' | 'action' | 'no_card';

function refuse(state: StripeState, intent: PaymentIntent, behaviour: Exclude<CardBehaviour, 'ok'>): void {
  const method = state.paymentMethods[intent.payment_method ?? ''];
  const text = declineTexts[behaviour];
  intent.last_payment_error = {
    type: 'card_error',
    code: 'card_declined',
    decline_code: text.decline_code,
    message: text.message,
    ...(method ? { payment_method: structuredClone(method), payment_method_type: 'card' } : {}),
  };
  intent.status = 'requires_payment_method';
  intent.payment_method = null;
}

/** What a card would answer to a charge now. `confirmed`: the cardholder is there and approves. */
export function outcomeOf(state: StripeState, card: string | null, confirmed = false): Outcome {
  if (!card) return 'no_card';
  const behaviour = state.cardBehaviours[card] ?? 'ok';
  if (behaviour === 'ok') return 'paid';
  if (behaviour !== 'authentication_required') return 'declined';
  return confirmed ? 'paid' : 'action';
}

/** Charges an invoice's payment to a card, and answers how it went. */
export function charge(state: StripeState, invoice: Invoice, card: string | null, confirmed = false): Outcome {
  const outcome = outcomeOf(state, card, confirmed);
  const payment = paymentsOf(state, invoice.id)[0];
  const intent = intentOf(state, invoice.id);
  if (!payment || !intent) return 'paid';
  intent.payment_method = card;
  if (outcome === 'paid') {
    const at = now(state, invoice.customer);
    Object.assign(intent, { status: 'succeeded', amount_received: intent.amount, last_payment_error: null });
    intent.next_action = null;
    Object.assign(payment, { status: 'paid', amount_paid: intent.amount });
    payment.status_transitions.paid_at = at;
    return outcome;
  }
  if (outcome === 'action') {
    intent.status = 'requires_action';
    intent.next_action = { type: 'use_stripe_sdk', use_stripe_sdk: {} };
    return outcome;
  }
  const behaviour = state.cardBehaviours[card ?? ''];
  if (outcome === 'declined' && behaviour && behaviour !== 'ok') refuse(state, intent, behaviour);
  return outcome;
}

/** Nothing will be paid any more: the invoice is void, or was paid elsewhere. */
export function cancelPayment(state: StripeState, invoice: Invoice): void {
  const at = now(state, invoice.customer);
  for (const payment of paymentsOf(state, invoice.id)) {
    payment.status = 'canceled';
    payment.status_transitions.canceled_at = at;
  }
  const intent = intentOf(state, invoice.id);
  if (intent) Object.assign(intent, { status: 'canceled', canceled_at: at, cancellation_reason: 'void_invoice' });
}

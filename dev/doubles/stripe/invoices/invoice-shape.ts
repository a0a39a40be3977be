/** What an invoice looks like: a draft of given lines, its totals, and how finalizing settles them with the balance. */
import { hourSeconds, now } from '@/dev/doubles/stripe/clock';
import { missing } from '@/dev/doubles/stripe/errors';
import { newId, type StripeState } from '@/dev/doubles/stripe/state';
import type { Customer, Invoice, InvoiceLine, Subscription } from '@/dev/doubles/stripe/wire';

export type BillingReason = 'subscription_create' | 'subscription_cycle' | 'subscription_update' | 'upcoming';
export type DraftOptions = {
  reason: BillingReason;
  lines: InvoiceLine[];
  /** The period that ended, or now twice. */
  period?: { start: number; end: number };
  /** When the draft is finalized by itself; null for at once by the caller. */
  finalizesAt?: number | null;
};

/** Fields that nothing here fills. */
const unused = {
  account_country: 'US',
  account_name: 'Tenantry',
  account_tax_ids: null,
  amount_overpaid: 0,
  amount_shipping: 0,
  application: null,
  automatic_tax: { disabled_reason: null, enabled: false, liability: null, provider: null, status: null },
  custom_fields: null,
  customer_account: null,
  customer_shipping: null,
  customer_tax_ids: [],
  default_source: null,
  default_tax_rates: [],
  discounts: [],
  footer: null,
  from_invoice: null,
  issuer: { type: 'self' },
  last_finalization_error: null,
  latest_revision: null,
  livemode: false,
  on_behalf_of: null,
  payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null },
  post_payment_credit_notes_amount: 0,
  pre_payment_credit_notes_amount: 0,
  receipt_number: null,
  rendering: null,
  shipping_cost: null,
  shipping_details: null,
  statement_descriptor: null,
  total_discount_amounts: [],
  total_pretax_credit_amounts: [],
  total_taxes: [],
} satisfies Partial<Invoice>;

export function customerOfSubscription(state: StripeState, { customer: id }: Pick<Subscription, 'customer'>): Customer {
  const customer = state.customers[id];
  if (!customer) throw missing('customer', id, 'customer');
  return customer;
}

/** What the customer's balance takes off a total, and what is left of the balance. Credit is negative. */
export function settle(total: number, balance: number): { due: number; ending: number } {
  if (total < 0) return { due: 0, ending: balance + total };
  const sum = total + balance;
  return { due: Math.max(0, sum), ending: Math.min(0, sum) };
}

const listOf = (id: string, lines: InvoiceLine[]): Invoice['lines'] => ({
  object: 'list',
  data: lines.map(line => ({ ...line, invoice: id })),
  has_more: false,
  url: `/v1/invoices/${id}/lines`,
});

function totals(lines: InvoiceLine[], balance: number) {
  const total = lines.reduce((sum, line) => sum + line.amount, 0);
  const { due } = settle(total, balance);
  const same = { subtotal: total, subtotal_excluding_tax: total, total, total_excluding_tax: total };
  return { ...same, amount_due: due, amount_paid: 0, amount_remaining: due };
}

const billedTo = (customer: Customer) => ({
  customer: customer.id,
  customer_address: customer.address ?? null,
  customer_email: customer.email,
  customer_name: customer.name ?? null,
  customer_phone: customer.phone ?? null,
  customer_tax_exempt: customer.tax_exempt ?? 'none',
  starting_balance: customer.balance,
  test_clock: customer.test_clock,
});

/** A draft of a subscription; neither kept nor told yet. */
export function draftInvoice(state: StripeState, subscription: Subscription, options: DraftOptions): Invoice {
  const customer = customerOfSubscription(state, subscription);
  const id = newId(options.reason === 'upcoming' ? 'upcoming_in' : 'in');
  const at = now(state, customer.id);
  const finalizesAt = options.finalizesAt ?? null;
  const byInvoice = subscription.collection_method === 'send_invoice';
  const prorated = options.lines.find(line => line.parent?.subscription_item_details?.proration);
  return {
    ...unused,
    ...totals(options.lines, customer.balance),
    ...billedTo(customer),
    id,
    object: 'invoice',
    attempt_count: 0,
    attempted: false,
    auto_advance: true,
    automatically_finalizes_at: finalizesAt,
    billing_reason: options.reason,
    collection_method: subscription.collection_method,
    created: at,
    currency: subscription.currency,
    default_payment_method: null,
    description: null,
    due_date: byInvoice ? at + (subscription.days_until_due ?? 0) * 24 * hourSeconds : null,
    effective_at: null,
    ending_balance: null,
    hosted_invoice_url: null,
    invoice_pdf: null,
    lines: listOf(id, options.lines),
    metadata: {},
    next_payment_attempt: byInvoice ? null : finalizesAt,
    number: null,
    parent: {
      quote_details: null,
      subscription_details: {
        metadata: subscription.metadata,
        subscription: subscription.id,
        ...(prorated ? { subscription_proration_date: prorated.period.start } : {}),
      },
      type: 'subscription_details',
    },
    period_end: options.period?.end ?? at,
    period_start: options.period?.start ?? at,
    status: 'draft',
    status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
    webhooks_delivered_at: null,
  };
}

/** The subscription an invoice bills, if it is still known. */
export function subscriptionOf(state: StripeState, invoice: Invoice): Subscription | undefined {
  const id = invoice.parent?.subscription_details?.subscription;
  return typeof id === 'string' ? state.subscriptions[id] : undefined;
}

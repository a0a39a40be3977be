/** An invoice as Stripe shows it, read into our columns, and why it was not paid, in words. Pure. */
import { z } from 'zod';
import { idOf, subscriptionOfInvoice } from '@/lib/domains/subscriptions/sync/stripe-events';
import { type Invoice, invoiceStatuses } from '@/lib/domains/subscriptions/tables';

export type InvoiceColumns = Omit<Invoice, 'customerId' | 'updatedAt'>;
export type InvoiceSnapshot = {
  stripeCustomerId: string;
  /** What is still owed, in the currency's smallest unit. */
  amountRemainingCents: number;
  columns: InvoiceColumns;
};

const loose = <Type extends z.ZodType>(type: Type) => type.nullish().catch(null);
const instant = loose(
  z
    .int()
    .min(0)
    .max(253_402_300_799)
    .transform(seconds => new Date(seconds * 1_000)),
);
const text = loose(z.string());
const cents = z.int().min(-2_147_483_648).max(2_147_483_647).catch(0);
const paymentError = loose(z.looseObject({ code: text, decline_code: text, type: text }));
const intent = loose(z.looseObject({ status: text, last_payment_error: paymentError }));
const invoiceSchema = z.looseObject({
  id: z.string().regex(/^in_\w+$/),
  customer: z.unknown().optional(),
  status: z.enum(invoiceStatuses),
  number: text,
  billing_reason: text,
  currency: z.string(),
  total: cents,
  amount_due: cents,
  amount_paid: cents,
  amount_remaining: cents,
  period_start: instant,
  period_end: instant,
  created: z.int().transform(seconds => new Date(seconds * 1_000)),
  status_transitions: loose(z.looseObject({ paid_at: instant })),
  attempt_count: z.int().min(0).catch(0),
  next_payment_attempt: instant,
  hosted_invoice_url: text,
  invoice_pdf: text,
  last_finalization_error: paymentError,
  /** Before API version 2025-03-31. */
  payment_intent: intent,
  payments: loose(
    z.looseObject({
      data: z.array(z.looseObject({ payment: loose(z.looseObject({ payment_intent: intent })) })).catch([]),
    }),
  ),
});
type Parsed = z.output<typeof invoiceSchema>;

/** Words that follow "the last payment failed"; a lost or stolen card is told as any refusal, as Stripe asks. */
const reasons: Record<string, string> = {
  insufficient_funds: 'insufficient funds',
  expired_card: 'card expired',
  incorrect_cvc: 'wrong security code',
  invalid_cvc: 'wrong security code',
  incorrect_number: 'wrong card number',
  invalid_number: 'wrong card number',
  currency_not_supported: 'the card does not take this currency',
  card_velocity_exceeded: 'the card’s limit is reached',
  withdrawal_count_limit_exceeded: 'the card’s limit is reached',
  authentication_required: 'the bank asks for confirmation',
  authentication_not_handled: 'the bank asks for confirmation',
  subscription_payment_intent_requires_action: 'the bank asks for confirmation',
  processing_error: 'the bank could not process it',
  try_again_later: 'the bank could not process it',
  issuer_not_available: 'the bank could not be reached',
  customer_tax_location_invalid: 'the billing address is not complete',
};

/** Why an open invoice that was tried is not paid; null for one that is paid, void or was never tried. */
function failureOf(parsed: Parsed): string | null {
  if (parsed.status !== 'open' && parsed.status !== 'uncollectible') return null;
  const intents = [...(parsed.payments?.data ?? []).map(entry => entry.payment?.payment_intent), parsed.payment_intent];
  const known = intents.filter(one => one !== null && one !== undefined);
  const error = known.map(one => one.last_payment_error).find(one => one) ?? parsed.last_finalization_error;
  if (error) {
    const named = [error.decline_code, error.code].find(code => code && Object.hasOwn(reasons, code));
    if (named) return reasons[named] ?? null;
    return error.type === 'card_error' || error.decline_code ? 'card declined' : 'the payment did not go through';
  }
  if (known.some(one => one.status === 'requires_action')) return 'the bank asks for confirmation';
  return parsed.attempt_count > 0 ? 'the payment did not go through' : null;
}

/** Reads an invoice of any API version. Null for what has no customer or is no invoice we could show, such as a preview. */
export function invoiceSnapshotOf(invoice: unknown): InvoiceSnapshot | null {
  const { success, data: parsed } = invoiceSchema.safeParse(invoice);
  const stripeCustomerId = success ? idOf(parsed.customer) : null;
  if (!success || !stripeCustomerId) return null;
  return {
    stripeCustomerId,
    amountRemainingCents: parsed.amount_remaining,
    columns: {
      invoiceId: parsed.id,
      stripeSubscriptionId: subscriptionOfInvoice(parsed),
      number: parsed.number ?? null,
      status: parsed.status,
      billingReason: parsed.billing_reason ?? null,
      currency: parsed.currency.toUpperCase(),
      totalCents: parsed.total,
      amountDueCents: parsed.amount_due,
      amountPaidCents: parsed.amount_paid,
      periodStart: parsed.period_start ?? null,
      periodEnd: parsed.period_end ?? null,
      createdAt: parsed.created,
      paidAt: parsed.status_transitions?.paid_at ?? null,
      attemptCount: parsed.attempt_count,
      nextAttemptAt: parsed.next_payment_attempt ?? null,
      lastError: failureOf(parsed),
      hostedUrl: parsed.hosted_invoice_url ?? null,
      pdfUrl: parsed.invoice_pdf ?? null,
    },
  };
}

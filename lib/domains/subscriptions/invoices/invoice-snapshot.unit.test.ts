/** Invoices of old and new API versions are read alike, and a failed payment says why in words for people. */
import { describe, expect, test } from 'vitest';
import { invoiceSnapshotOf } from '@/lib/domains/subscriptions/invoices/invoice-snapshot';

const base = {
  id: 'in_1',
  object: 'invoice',
  customer: 'cus_1',
  status: 'open',
  number: 'A-0001',
  billing_reason: 'subscription_cycle',
  currency: 'usd',
  total: 19_900,
  amount_due: 19_900,
  amount_paid: 0,
  amount_remaining: 19_900,
  created: 1_793_000_000,
  attempt_count: 1,
  next_payment_attempt: 1_793_086_400,
  hosted_invoice_url: 'https://invoice.example/1',
  invoice_pdf: 'https://invoice.example/1.pdf',
};
const intent = (error: object | null, status = 'requires_payment_method') => ({
  id: 'pi_1',
  status,
  last_payment_error: error,
});
const paidBy = (payment: object | string) => ({
  payments: { object: 'list', data: [{ id: 'inpay_1', payment: { type: 'payment_intent', payment_intent: payment } }] },
});
const errorOf = (more: object) => invoiceSnapshotOf({ ...base, ...more })?.columns.lastError;

describe('why it was not paid', () => {
  test.each([
    ['insufficient_funds', 'insufficient funds'],
    ['expired_card', 'card expired'],
    ['generic_decline', 'card declined'],
    ['stolen_card', 'card declined'],
    ['authentication_required', 'the bank asks for confirmation'],
    ['constructor', 'card declined'],
  ])('%s is told as: %s, in both shapes', (decline, words) => {
    const error = { type: 'card_error', code: 'card_declined', decline_code: decline };
    expect(errorOf(paidBy(intent(error)))).toBe(words);
    expect(errorOf({ payment_intent: intent(error) })).toBe(words);
  });

  test('without a reason from Stripe it is told that it failed', () => {
    expect(errorOf({ payment_intent: 'pi_1' })).toBe('the payment did not go through');
    expect(errorOf(paidBy('pi_1'))).toBe('the payment did not go through');
    expect(errorOf(paidBy(intent(null, 'requires_action')))).toBe('the bank asks for confirmation');
    expect(
      errorOf({ last_finalization_error: { type: 'invalid_request_error', code: 'customer_tax_location_invalid' } }),
    ).toBe('the billing address is not complete');
  });

  test('an invoice that is paid, void or was never tried has no failure', () => {
    const error = paidBy(intent({ type: 'card_error', decline_code: 'expired_card' }));
    expect(errorOf({ ...error, status: 'paid' })).toBeNull();
    expect(errorOf({ ...error, status: 'void' })).toBeNull();
    expect(errorOf({ attempt_count: 0 })).toBeNull();
  });
});

test('columns are read from both shapes, amounts in the smallest unit, currency in capitals', () => {
  const parent = { type: 'subscription_details', subscription_details: { subscription: 'sub_1' } };
  const fresh = invoiceSnapshotOf({ ...base, parent });
  expect(invoiceSnapshotOf({ ...base, subscription: { id: 'sub_1' }, customer: { id: 'cus_1' } })).toEqual(fresh);
  expect(fresh).toMatchObject({
    stripeCustomerId: 'cus_1',
    amountRemainingCents: 19_900,
    columns: {
      invoiceId: 'in_1',
      stripeSubscriptionId: 'sub_1',
      number: 'A-0001',
      status: 'open',
      currency: 'USD',
      totalCents: 19_900,
      createdAt: new Date(1_793_000_000_000),
      nextAttemptAt: new Date(1_793_086_400_000),
      paidAt: null,
    },
  });
});

test('what is no invoice we could show is left out', () => {
  for (const given of [null, {}, { ...base, customer: null }, { ...base, status: null }, { ...base, id: 'upcoming_1' }])
    expect(invoiceSnapshotOf(given)).toBeNull();
});

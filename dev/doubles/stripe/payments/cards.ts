/** The test cards: Stripe's tokens of payment methods, and how the card behind each behaves. */
import { missing } from '@/dev/doubles/stripe/errors';
import type { CardBehaviour } from '@/dev/doubles/stripe/state';
import type { PaymentMethod } from '@/dev/doubles/stripe/wire';

export type TestCard = { brand: string; last4: string; behaviour: CardBehaviour; attachable: boolean };

const card = (brand: string, last4: string, behaviour: CardBehaviour = 'ok', attachable = true): TestCard => ({
  brand,
  last4,
  behaviour,
  attachable,
});

export const testCards: Record<string, TestCard> = {
  pm_card_visa: card('visa', '4242'),
  pm_card_visa_debit: card('visa', '5556'),
  pm_card_mastercard: card('mastercard', '4444'),
  pm_card_amex: card('amex', '8431'),
  /** Declined from the first, so it cannot even be attached. */
  pm_card_chargeDeclined: card('visa', '0002', 'declined', false),
  pm_card_visa_chargeDeclined: card('visa', '0002', 'declined', false),
  pm_card_chargeDeclinedInsufficientFunds: card('visa', '9995', 'insufficient_funds', false),
  pm_card_visa_chargeDeclinedInsufficientFunds: card('visa', '9995', 'insufficient_funds', false),
  /** Attaches, then declines every payment. */
  pm_card_chargeCustomerFail: card('visa', '0341', 'declined'),
  pm_card_authenticationRequired: card('visa', '3184', 'authentication_required'),
  pm_card_threeDSecure2Required: card('visa', '3220', 'authentication_required'),
};

/** The card of a token. Throws 404 for one that Stripe does not have. */
export function testCard(token: string): TestCard {
  const found = testCards[token];
  if (!found) throw missing('PaymentMethod', token);
  return found;
}

/** A payment method of a test card. */
export function newPaymentMethod(id: string, { brand, last4 }: TestCard, created: number): PaymentMethod {
  return {
    id,
    object: 'payment_method',
    allow_redisplay: 'unspecified',
    billing_details: { address: null, email: null, name: null, phone: null, tax_id: null },
    card: {
      brand,
      checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
      country: 'US',
      display_brand: brand,
      exp_month: 12,
      exp_year: new Date().getUTCFullYear() + 4,
      fingerprint: `double${last4}`,
      funding: 'credit',
      generated_from: null,
      last4,
      networks: { available: [brand], preferred: null },
      regulated_status: 'unregulated',
      three_d_secure_usage: { supported: true },
      wallet: null,
    },
    created,
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: {},
    type: 'card',
  };
}

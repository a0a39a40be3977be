/** What the Stripe double keeps, and the helpers all of its calls use. */
import { randomBytes } from 'node:crypto';
import { emptySurface, type SurfaceState } from '@/dev/doubles/stripe/events/events-state';
import type {
  Customer,
  Invoice,
  InvoiceLine,
  InvoicePayment,
  PaymentIntent,
  PaymentMethod,
  Price,
  Product,
  Schedule,
  Subscription,
  TestClock,
} from '@/dev/doubles/stripe/wire';

export type SavedAnswer = { request: string; status: number; body: unknown; at: number };

/** How a card behaves when it is charged. */
export type CardBehaviour = 'ok' | 'declined' | 'insufficient_funds' | 'authentication_required';

export type StripeState = SurfaceState & {
  /** Where the double is reached; invoices' pages lie there. */
  baseUrl: string;
  products: Record<string, Product>;
  prices: Record<string, Price>;
  customers: Record<string, Customer>;
  /** Ids of customers that were deleted; reading one says so. */
  deletedCustomers: Record<string, true>;
  paymentMethods: Record<string, PaymentMethod>;
  /** By payment method; without an entry a card works. */
  cardBehaviours: Record<string, CardBehaviour>;
  subscriptions: Record<string, Subscription>;
  schedules: Record<string, Schedule>;
  invoices: Record<string, Invoice>;
  invoicePayments: Record<string, InvoicePayment>;
  paymentIntents: Record<string, PaymentIntent>;
  testClocks: Record<string, TestClock>;
  /** Prorations that wait for a subscription's next invoice, by subscription. */
  pendingLines: Record<string, InvoiceLine[]>;
  /** The trial's end that `trial_will_end` was sent for, by subscription. */
  trialWarnings: Record<string, number>;
  /** What the account is set to. */
  settings: { afterLastRetry: 'cancel' | 'unpaid' | 'past_due' };
  /** First answers by Idempotency-Key, kept 24 hours. */
  answers: Record<string, SavedAnswer>;
};

export const emptyState = (): StripeState => ({
  ...emptySurface(),
  baseUrl: '',
  products: {},
  prices: {},
  customers: {},
  deletedCustomers: {},
  paymentMethods: {},
  cardBehaviours: {},
  subscriptions: {},
  schedules: {},
  invoices: {},
  invoicePayments: {},
  paymentIntents: {},
  testClocks: {},
  pendingLines: {},
  trialWarnings: {},
  settings: { afterLastRetry: 'cancel' },
  answers: {},
});

/** Gives a state that an older double saved the fields it did not know. */
export function fillState(state: StripeState): void {
  for (const [name, value] of Object.entries(emptyState())) {
    if (!(name in state)) Object.assign(state, { [name]: value });
  }
}

/** An id as Stripe makes them. */
export const newId = (prefix: string, bytes = 12): string =>
  `${prefix}_${randomBytes(bytes * 2)
    .toString('base64')
    .replaceAll(/[^A-Za-z0-9]/g, '')
    .slice(0, bytes * 2)}`;

/** The machine's time in whole seconds, as every timestamp of Stripe. What belongs to a customer goes by clock.ts. */
export const nowSeconds = (): number => Math.floor(Date.now() / 1000);

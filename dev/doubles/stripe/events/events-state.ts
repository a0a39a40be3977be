/** What the double keeps of its surface: events, who is told of them, Checkout and portal sessions. */
import type Stripe from 'stripe';
import type { Wire } from '@/dev/doubles/stripe/wire';

export type EventType = Stripe.Event['type'];

/** `data.object` is any object of the API as it was when the event was made. */
export type StripeEvent = {
  id: string;
  object: 'event';
  api_version: string;
  created: number;
  data: { object: object; previous_attributes?: object };
  livemode: false;
  pending_webhooks: number;
  request: { id: string | null; idempotency_key: string | null };
  type: EventType;
};

/** The secret is answered only once, so it is kept apart from what is shown. */
export type Endpoint = { shown: Wire<Omit<Stripe.WebhookEndpoint, 'secret' | 'deleted'>>; secret: string };

/** One event on its way to one endpoint. Times are the machine's, in ms. */
export type Delivery = {
  id: string;
  event: string;
  endpoint: string;
  /** The Stripe customer the event is about, so that a test can hold back its own only. */
  customer: string | null;
  /** held: until released by the control API; gathering: to be sent newest first once no more come. */
  status: 'waiting' | 'held' | 'gathering' | 'delivered' | 'given_up';
  attempts: number;
  madeAtMs: number;
  nextAttemptAtMs: number;
  lastStatus: number | null;
  lastError: string | null;
};

export type DeliveryMode = 'normal' | 'hold' | 'duplicate' | 'reverse';
/** How deliveries are bent for a test; the last one that fits an endpoint and a customer counts. */
export type DeliveryRule = {
  mode: DeliveryMode;
  copies: number;
  delayMs: number;
  endpoint: string | null;
  customer: string | null;
};

/** The next calls of a path that are to fail, for tests of outages. */
export type PlannedFailure = { method: string; path: string; times: number; status: number | 'hang' | 'lost' };

type CheckoutIds = 'customer' | 'subscription' | 'invoice';
export type CheckoutSession = Omit<Wire<Omit<Stripe.Checkout.Session, 'line_items'>>, CheckoutIds> & {
  [Name in CheckoutIds]: string | null;
};
/** A Checkout session with what its page needs and the API does not show. */
export type KeptCheckout = {
  session: CheckoutSession;
  items: { id: string; price: string; quantity: number }[];
  subscriptionData: {
    description?: string | undefined;
    metadata?: Record<string, string> | undefined;
    trial_end?: number | undefined;
    trial_period_days?: number | undefined;
    missing_payment_method?: 'cancel' | 'create_invoice' | 'pause' | undefined;
  };
  /** The card of a session that is complete and whose subscription is held back; null for one without a card. */
  heldCard?: string | null;
};
export type PortalConfiguration = Wire<Stripe.BillingPortal.Configuration>;
export type PortalSession = Omit<Wire<Stripe.BillingPortal.Session>, 'configuration'> & { configuration: string };

export type SurfaceState = {
  /** The last 10,000, oldest first. */
  events: StripeEvent[];
  webhookEndpoints: Record<string, Endpoint>;
  deliveries: Record<string, Delivery>;
  deliveryRules: DeliveryRule[];
  failures: PlannedFailure[];
  checkoutSessions: Record<string, KeptCheckout>;
  /** Customers whose subscriptions Checkout holds back, for tests of a payment that is not confirmed yet. */
  heldCheckouts: Record<string, true>;
  portalConfigurations: Record<string, PortalConfiguration>;
  portalSessions: Record<string, PortalSession>;
};

export const emptySurface = (): SurfaceState => ({
  events: [],
  webhookEndpoints: {},
  deliveries: {},
  deliveryRules: [],
  failures: [],
  checkoutSessions: {},
  heldCheckouts: {},
  portalConfigurations: {},
  portalSessions: {},
});

/** Which of Stripe's events we act on, and what each is about. Pure. Source: docs/architecture.md, Billing. */
import { z } from 'zod';

/** What an endpoint in Stripe should be told; others are stored as ignored. */
export const handledEvents = [
  'checkout.session.completed',
  'customer.subscription.created',
  'customer.subscription.updated',
  'customer.subscription.deleted',
  'customer.subscription.paused',
  'customer.subscription.resumed',
  'customer.subscription.trial_will_end',
  /** Its default card may have changed. */
  'customer.updated',
  'invoice.finalized',
  'invoice.paid',
  'invoice.payment_failed',
  'invoice.payment_action_required',
  'invoice.voided',
  'invoice.marked_uncollectible',
  /** A planned change was altered or taken back without a change of the subscription itself. */
  'subscription_schedule.updated',
  'subscription_schedule.released',
  'subscription_schedule.canceled',
] as const;
export type HandledEvent = (typeof handledEvents)[number];

export const isHandled = (type: string): type is HandledEvent => (handledEvents as readonly string[]).includes(type);

/** An attempt to collect money has failed. */
export const isPaymentFailure = (type: string): boolean =>
  type === 'invoice.payment_failed' || type === 'invoice.payment_action_required';

const seconds = z.int().min(0).max(253_402_300_799);

/** The envelope of an event, of any API version; the object in it is read by those whom it concerns. */
export const stripeEventSchema = z.looseObject({
  id: z.string().regex(/^evt_\w{1,200}$/),
  object: z.literal('event'),
  type: z.string().min(1).max(200),
  livemode: z.boolean(),
  created: seconds,
  data: z.looseObject({ object: z.looseObject({}) }),
});
export type StripeEventPayload = z.output<typeof stripeEventSchema>;

export type EventSubject = {
  stripeCustomerId: string | null;
  stripeSubscriptionId: string | null;
  stripeInvoiceId: string | null;
};

/** The id of what Stripe gives as an id or, expanded, as the object; null for anything else. */
export function idOf(value: unknown): string | null {
  if (typeof value === 'string') return value === '' ? null : value;
  if (value === null || typeof value !== 'object') return null;
  const { id } = value as { id?: unknown };
  return typeof id === 'string' && id !== '' ? id : null;
}

/** A field of what Stripe sent; undefined where it has none, or is no object. */
export const field = (value: unknown, name: string): unknown =>
  value !== null && typeof value === 'object' ? (value as Record<string, unknown>)[name] : undefined;

/** The subscription of an invoice: under `parent` since API version 2025-03-31, a field of its own before. */
export const subscriptionOfInvoice = (invoice: object): string | null =>
  idOf(field(field(field(invoice, 'parent'), 'subscription_details'), 'subscription')) ??
  idOf(field(invoice, 'subscription'));

/** Whom and what an event is about, by the object that it carries. */
export function subjectOf({ data: { object } }: StripeEventPayload): EventSubject {
  const stripeCustomerId = idOf(object.customer);
  const none = { stripeCustomerId, stripeSubscriptionId: null, stripeInvoiceId: null };
  switch (object.object) {
    case 'subscription':
      return { ...none, stripeSubscriptionId: idOf(object) };
    case 'invoice':
      return { ...none, stripeSubscriptionId: subscriptionOfInvoice(object), stripeInvoiceId: idOf(object) };
    case 'checkout.session':
      return { ...none, stripeSubscriptionId: idOf(object.subscription) };
    case 'subscription_schedule':
      return { ...none, stripeSubscriptionId: idOf(object.subscription) ?? idOf(object.released_subscription) };
    case 'customer':
      return { ...none, stripeCustomerId: idOf(object) };
    default:
      return none;
  }
}

/** Completes a Checkout session: card, subscription, then the session itself, as Stripe does once the person has paid. */
import { now } from '@/dev/doubles/stripe/clock';
import type { Surface } from '@/dev/doubles/stripe/control/surface';
import { StripeError } from '@/dev/doubles/stripe/errors';
import { emit } from '@/dev/doubles/stripe/events/events';
import type { CheckoutSession, KeptCheckout } from '@/dev/doubles/stripe/events/events-state';
import type { Form } from '@/dev/doubles/stripe/form';
import type { Customer, PaymentMethod, Subscription } from '@/dev/doubles/stripe/wire';

/** What a person can answer on the page. */
export type CardChoice = 'works' | 'declined' | 'authenticated' | 'none';

/** Tokens of cards; one that was authenticated while the person was there works from then on. */
const tokens = { works: 'pm_card_visa', declined: 'pm_card_chargeDeclined', authenticated: 'pm_card_mastercard' };

/** Attaches a card of that kind to a customer and answers its id. Throws StripeError 402 where it is declined. */
export function attachCard({ call }: Surface, customer: string, choice: Exclude<CardChoice, 'none'>): string {
  return (call('POST', `/v1/payment_methods/${tokens[choice]}/attach`, { customer }) as PaymentMethod).id;
}

function customerFor({ call }: Surface, session: CheckoutSession): string {
  if (session.customer) return session.customer;
  const email = session.customer_email ?? 'person@checkout.example';
  return (call('POST', '/v1/customers', { email }) as Customer).id;
}

const texts = (metadata: Record<string, string> | undefined): Form => ({ ...metadata });

function subscriptionForm({ items, subscriptionData: data }: KeptCheckout, customer: string, card?: string): Form {
  return {
    customer,
    items: items.map(({ price, quantity }) => ({ price, quantity: String(quantity) })),
    metadata: texts(data.metadata),
    // Checkout never leaves an unpaid subscription behind: the person is told on the page and tries again.
    payment_behavior: 'error_if_incomplete',
    ...(card ? { default_payment_method: card } : {}),
    ...(data.description ? { description: data.description } : {}),
    ...(data.trial_end ? { trial_end: String(data.trial_end) } : {}),
    ...(data.trial_period_days ? { trial_period_days: String(data.trial_period_days) } : {}),
    ...(data.missing_payment_method
      ? { trial_settings: { end_behavior: { missing_payment_method: data.missing_payment_method } } }
      : {}),
  };
}

function detailsOf({ email, name, phone, address, tax_exempt: exempt }: Customer): CheckoutSession['customer_details'] {
  return {
    address: address ?? null,
    business_name: null,
    email,
    individual_name: null,
    name: name ?? null,
    phone: phone ?? null,
    tax_exempt: exempt ?? 'none',
    tax_ids: [],
  };
}

/**
 * Pays with a card of that kind and makes the subscription. Throws StripeError where the card is declined, with nothing
 * made; a session that is complete already is left as it is.
 */
export function complete(surface: Surface, kept: KeptCheckout, choice: CardChoice): CheckoutSession {
  const { state } = surface;
  const { session } = kept;
  if (session.status === 'complete') return session;
  if (session.status !== 'open') throw new StripeError(400, 'This Checkout Session is no longer active.');
  const id = customerFor(surface, session);
  const card = choice === 'none' ? undefined : attachCard(surface, id, choice);
  if (!state.heldCheckouts[id]) return finish(surface, kept, id, card);
  kept.heldCard = card ?? null;
  markComplete(surface, session, id);
  return session;
}

function markComplete({ state }: Surface, session: CheckoutSession, customer: string): void {
  const known = state.customers[customer];
  Object.assign(session, {
    status: 'complete',
    payment_status: session.amount_total === 0 ? 'no_payment_required' : 'paid',
    customer,
    customer_details: known ? detailsOf(known) : null,
    url: null,
  } satisfies Partial<CheckoutSession>);
}

/** Makes the subscription of a session that is paid with `card`, and tells of both. Throws StripeError where it is declined. */
export function finish(surface: Surface, kept: KeptCheckout, customer: string, card?: string): CheckoutSession {
  const { state, call } = surface;
  const { session } = kept;
  let subscription: Subscription;
  try {
    subscription = call('POST', '/v1/subscriptions', subscriptionForm(kept, customer, card)) as Subscription;
  } catch (error) {
    if (card) call('POST', `/v1/payment_methods/${card}/detach`);
    throw error;
  }
  delete kept.heldCard;
  markComplete(surface, session, customer);
  Object.assign(session, { subscription: subscription.id, invoice: subscription.latest_invoice });
  emit(state, 'checkout.session.completed', session, undefined, now(state, customer));
  return session;
}

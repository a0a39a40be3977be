/** What a person can do in the billing portal, each by the calls of the API a dashboard would make. */
import { attachCard, type CardChoice } from '@/dev/doubles/stripe/checkout/checkout-complete';
import type { Surface } from '@/dev/doubles/stripe/control/surface';
import { missing, StripeError } from '@/dev/doubles/stripe/errors';
import type { PortalConfiguration, PortalSession } from '@/dev/doubles/stripe/events/events-state';
import type { Form } from '@/dev/doubles/stripe/form';
import type { Invoice, PaymentMethod, Subscription } from '@/dev/doubles/stripe/wire';

export type Visitor = { surface: Surface; session: PortalSession; features: PortalConfiguration['features'] };

/** The visitor's subscriptions that have not ended. */
export const liveSubscriptions = ({ surface: { state }, session }: Visitor): Subscription[] =>
  Object.values(state.subscriptions).filter(
    ({ customer, ended_at: ended, status }) =>
      customer === session.customer && ended === null && status !== 'incomplete_expired',
  );

/** The visitor's invoices that were sent, newest first. */
export const sentInvoices = ({ surface: { state }, session }: Visitor): Invoice[] =>
  Object.values(state.invoices)
    .filter(({ customer, status }) => customer === session.customer && status !== 'draft')
    .toReversed();

/** The card that the portal shows: the customer's default, else the one that a subscription was bought with. */
export function cardInUse(visitor: Visitor): PaymentMethod | undefined {
  const { state } = visitor.surface;
  const [subscription] = liveSubscriptions(visitor);
  const own = state.customers[visitor.session.customer]?.invoice_settings.default_payment_method;
  return state.paymentMethods[own ?? subscription?.default_payment_method ?? ''];
}

function ownSubscription(visitor: Visitor, id: string): Subscription {
  const own = liveSubscriptions(visitor).find(subscription => subscription.id === id);
  if (!own) throw missing('subscription', id);
  return own;
}

const refuseUnless = (allowed: boolean) => {
  if (!allowed) throw new StripeError(403, 'This is not possible here.');
};

/**
 * Makes a new card the customer's default. As with Stripe's own portal a subscription that is pinned to a card stays so,
 * and is still charged to that one. Throws where the card is declined.
 */
export function replaceCard(visitor: Visitor, choice: Exclude<CardChoice, 'none'>): void {
  refuseUnless(visitor.features.payment_method_update.enabled);
  const { surface, session } = visitor;
  const card = attachCard(surface, session.customer, choice);
  surface.call('POST', `/v1/customers/${session.customer}`, { invoice_settings: { default_payment_method: card } });
}

/** Cancels as the configuration says; a planned change of plan is given up, as it would never come. */
export function cancel(visitor: Visitor, id: string): void {
  const { enabled, mode } = visitor.features.subscription_cancel;
  refuseUnless(enabled);
  const { call } = visitor.surface;
  const { schedule } = ownSubscription(visitor, id);
  if (schedule) call('POST', `/v1/subscription_schedules/${schedule}/release`);
  if (mode === 'immediately') call('DELETE', `/v1/subscriptions/${id}`);
  else call('POST', `/v1/subscriptions/${id}`, { cancel_at_period_end: 'true' });
}

/** Takes a cancellation back that has not come yet. */
export function renew(visitor: Visitor, id: string): void {
  refuseUnless(visitor.features.subscription_cancel.enabled);
  const change: Form = ownSubscription(visitor, id).cancel_at_period_end
    ? { cancel_at_period_end: 'false' }
    : { cancel_at: '' };
  visitor.surface.call('POST', `/v1/subscriptions/${id}`, change);
}

/** Pays an open invoice with the card that is shown, which is the visitor's choice. Throws where it is declined. */
export function payInvoice(visitor: Visitor, id: string): void {
  const invoice = sentInvoices(visitor).find(own => own.id === id);
  if (!invoice) throw missing('invoice', id);
  const card = cardInUse(visitor);
  visitor.surface.call('POST', `/v1/invoices/${id}/pay`, card ? { payment_method: card.id } : {});
}

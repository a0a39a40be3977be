/** Checkout sessions over the API: create, read, list, expire. */
import { listParams } from '@/dev/doubles/stripe/checkout/checkout-params';
import { createSession } from '@/dev/doubles/stripe/checkout/checkout-session';
import { now } from '@/dev/doubles/stripe/clock';
import { missing, StripeError } from '@/dev/doubles/stripe/errors';
import { emit } from '@/dev/doubles/stripe/events/events';
import type { CheckoutSession, KeptCheckout } from '@/dev/doubles/stripe/events/events-state';
import type { Form } from '@/dev/doubles/stripe/form';
import { page, paging } from '@/dev/doubles/stripe/lists';
import { parseParams } from '@/dev/doubles/stripe/params';
import type { Route } from '@/dev/doubles/stripe/router';
import type { StripeState } from '@/dev/doubles/stripe/state';

function end(state: StripeState, session: CheckoutSession): void {
  session.status = 'expired';
  session.url = null;
  emit(state, 'checkout.session.expired', session, undefined, now(state, session.customer));
}

/** The session of an id, expired where its time is over. Throws 404. */
export function findCheckout(state: StripeState, id: string): KeptCheckout {
  const kept = state.checkoutSessions[id];
  if (!kept) throw missing('checkout.session', id);
  const { session } = kept;
  if (session.status === 'open' && session.expires_at <= now(state, session.customer)) end(state, session);
  return kept;
}

function lineItems(state: StripeState, { session, items }: KeptCheckout) {
  const data = items.map(({ id, price: priceId, quantity }) => {
    const price = state.prices[priceId];
    const amount = session.amount_total === 0 ? 0 : quantity * (price?.unit_amount ?? 0);
    return {
      id,
      object: 'item',
      adjustable_quantity: null,
      amount_discount: 0,
      amount_subtotal: amount,
      amount_tax: 0,
      amount_total: amount,
      currency: session.currency,
      description: price ? (state.products[price.product]?.name ?? null) : null,
      metadata: {},
      price,
      quantity,
    };
  });
  return { object: 'list', data, has_more: false, url: `/v1/checkout/sessions/${session.id}/line_items` };
}

/** `line_items` is there only when it is asked for. */
function withLineItems(state: StripeState, kept: KeptCheckout, form: Form, prefix = '') {
  const paths = Array.isArray(form.expand) ? form.expand.map(String) : [];
  const wanted = paths.some(path => path === `${prefix}line_items` || path.startsWith(`${prefix}line_items.`));
  return wanted ? { ...kept.session, line_items: lineItems(state, kept) } : kept.session;
}

function expire(state: StripeState, id: string): CheckoutSession {
  const { session } = findCheckout(state, id);
  if (session.status !== 'open') {
    const text = `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of \`${session.status}\`.`;
    throw new StripeError(400, text);
  }
  end(state, session);
  return session;
}

const path = '/v1/checkout/sessions';
export const checkoutRoutes: Route[] = [
  [
    'POST',
    path,
    ({ state, form }) => {
      const { id } = createSession(state, form);
      return withLineItems(state, findCheckout(state, id), form);
    },
  ],
  [
    'GET',
    path,
    ({ state, form }) => {
      const { customer, subscription, status, ...paged } = parseParams({ ...paging, ...listParams }, form);
      const fits = Object.keys(state.checkoutSessions)
        .map(id => findCheckout(state, id).session)
        .filter(
          session =>
            (!customer || session.customer === customer) &&
            (!subscription || session.subscription === subscription) &&
            (!status || session.status === status),
        );
      const list = page(fits, path, paged);
      return {
        ...list,
        data: list.data.map(({ id }) => withLineItems(state, findCheckout(state, id), form, 'data.')),
      };
    },
  ],
  ['GET', `${path}/:id`, ({ state, id, form }) => withLineItems(state, findCheckout(state, id), form)],
  ['GET', `${path}/:id/line_items`, ({ state, id }) => lineItems(state, findCheckout(state, id))],
  ['POST', `${path}/:id/expire`, ({ state, id }) => expire(state, id)],
];

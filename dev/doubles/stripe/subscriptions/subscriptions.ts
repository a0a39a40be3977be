/** The subscription calls of the API. */
import { z } from 'zod';
import { now } from '@/dev/doubles/stripe/clock';
import { finalizeAndCollect } from '@/dev/doubles/stripe/collection';
import { missing } from '@/dev/doubles/stripe/errors';
import { prorationLine } from '@/dev/doubles/stripe/invoices/invoice-lines';
import { draftInvoice } from '@/dev/doubles/stripe/invoices/invoice-shape';
import { keepInvoice } from '@/dev/doubles/stripe/invoices/invoices';
import { page, paging } from '@/dev/doubles/stripe/lists';
import { emptyable, flag, inRange, parseParams, range } from '@/dev/doubles/stripe/params';
import type { Call, Route } from '@/dev/doubles/stripe/router';
import type { StripeState } from '@/dev/doubles/stripe/state';
import { cancelNow } from '@/dev/doubles/stripe/subscriptions/subscription-cancel';
import { createSubscription } from '@/dev/doubles/stripe/subscriptions/subscription-create';
import { createParams, statuses, updateParams } from '@/dev/doubles/stripe/subscriptions/subscription-params';
import { resumeParams, resumeSubscription } from '@/dev/doubles/stripe/subscriptions/subscription-resume';
import { updateSubscription } from '@/dev/doubles/stripe/subscriptions/subscription-update';
import type { Subscription } from '@/dev/doubles/stripe/wire';

const listFilters = {
  customer: z.string().optional(),
  price: z.string().optional(),
  status: z.enum([...statuses, 'all', 'ended']).optional(),
  collection_method: z.enum(['charge_automatically', 'send_invoice']).optional(),
  created: range.optional(),
  test_clock: z.string().optional(),
};

function found(state: StripeState, id: string): Subscription {
  const subscription = state.subscriptions[id];
  if (!subscription) throw missing('subscription', id);
  return subscription;
}

/** Without a wish, all that are not cancelled. */
function hasStatus({ status }: Subscription, wanted: z.output<typeof listFilters.status>): boolean {
  if (wanted === 'all') return true;
  if (wanted === 'ended') return ['canceled', 'incomplete_expired'].includes(status);
  return wanted ? status === wanted : status !== 'canceled';
}

function list({ state, form }: Call) {
  const { customer, price, status, collection_method, created, test_clock, ...paged } = parseParams(
    { ...paging, ...listFilters },
    form,
  );
  const items = Object.values(state.subscriptions).filter(
    subscription =>
      hasStatus(subscription, status) &&
      (!customer || subscription.customer === customer) &&
      (!price || subscription.items.data.some(item => item.price.id === price)) &&
      (!collection_method || subscription.collection_method === collection_method) &&
      inRange(subscription.created, created) &&
      (!test_clock || subscription.test_clock === test_clock),
  );
  return page(items, '/v1/subscriptions', paged);
}

const cancelParams = {
  cancellation_details: z
    .strictObject({ comment: emptyable(z.string()).optional(), feedback: emptyable(z.string()).optional() })
    .optional(),
  invoice_now: flag.optional(),
  prorate: flag.optional(),
};

/** The last invoice of a subscription that is cancelled now: what waits, and with `prorate` what is left of the period. */
function billLast(state: StripeState, subscription: Subscription, prorate: boolean): void {
  const at = now(state, subscription.customer);
  const rest = prorate && subscription.status === 'active' ? subscription.items.data : [];
  const credits = rest.map(item => prorationLine(state, subscription, item, at, -1));
  const lines = [...(state.pendingLines[subscription.id] ?? []), ...credits];
  if (lines.length === 0) return;
  const invoice = draftInvoice(state, subscription, { reason: 'subscription_update', lines });
  delete state.pendingLines[subscription.id];
  subscription.latest_invoice = invoice.id;
  finalizeAndCollect(state, keepInvoice(state, invoice));
}

/** An ended subscription is not there any more to be cancelled: 404, as Stripe answers. */
function cancel({ state, id, form }: Call): Subscription {
  const subscription = found(state, id);
  const { cancellation_details: given, invoice_now, prorate } = parseParams(cancelParams, form);
  if (subscription.ended_at) throw missing('subscription', id);
  if (invoice_now) billLast(state, subscription, prorate ?? false);
  const { comment = null, feedback = null } = given ?? {};
  const known = subscription.cancellation_details;
  cancelNow(state, subscription, {
    comment: comment ?? known?.comment ?? null,
    feedback: feedback ?? known?.feedback ?? null,
    reason: 'cancellation_requested',
  });
  return subscription;
}

const itemListParams = { ...paging, subscription: z.string() };

export const subscriptionRoutes: Route[] = [
  ['POST', '/v1/subscriptions', ({ state, form }) => createSubscription(state, parseParams(createParams, form))],
  ['GET', '/v1/subscriptions', list],
  ['GET', '/v1/subscriptions/:id', ({ state, id }) => found(state, id)],
  [
    'POST',
    '/v1/subscriptions/:id',
    ({ state, id, form }) => updateSubscription(state, found(state, id), parseParams(updateParams, form)),
  ],
  ['DELETE', '/v1/subscriptions/:id', cancel],
  [
    'POST',
    '/v1/subscriptions/:id/resume',
    ({ state, id, form }) => resumeSubscription(state, found(state, id), parseParams(resumeParams, form)),
  ],
  [
    'GET',
    '/v1/subscription_items',
    ({ state, form }) => {
      const { subscription, ...paged } = parseParams(itemListParams, form);
      return page(found(state, subscription).items.data, '/v1/subscription_items', paged);
    },
  ],
];

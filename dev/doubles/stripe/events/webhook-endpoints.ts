/** Webhook endpoints: who is told of which events, and the secret each one's deliveries are signed with. */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { missing, StripeError } from '@/dev/doubles/stripe/errors';
import { apiVersion } from '@/dev/doubles/stripe/events/events';
import type { Endpoint } from '@/dev/doubles/stripe/events/events-state';
import type { Form } from '@/dev/doubles/stripe/form';
import type { GivenEndpoint } from '@/dev/doubles/stripe/given';
import { page, paging } from '@/dev/doubles/stripe/lists';
import { flag, mergeMetadata, metadata, parseParams } from '@/dev/doubles/stripe/params';
import type { Route } from '@/dev/doubles/stripe/router';
import { newId, nowSeconds, type StripeState } from '@/dev/doubles/stripe/state';

const url = z.url({ protocol: /^https?$/, error: 'Invalid URL: it must begin with http:// or https://' });
const enabledEvents = z.array(z.string().regex(/^(\*|[a-z0-9_]+(\.[a-z0-9_]+)+)$/)).min(1);
const common = {
  description: z.string().optional(),
  metadata: z.union([metadata, z.literal('')]).optional(),
};
const createParams = { ...common, url, enabled_events: enabledEvents, api_version: z.string().optional() };
const updateParams = {
  ...common,
  url: url.optional(),
  enabled_events: enabledEvents.optional(),
  disabled: flag.optional(),
};

/** A secret as Stripe makes them. */
const newSecret = () =>
  `whsec_${randomBytes(24)
    .toString('base64')
    .replaceAll(/[^A-Za-z0-9]/g, 'x')}`;

type NewEndpoint = { url: string; events: string[]; secret?: string; description?: string };

/** Keeps an endpoint with the given secret, or one made at random. */
export function addEndpoint(state: StripeState, given: NewEndpoint, tags: Record<string, string> = {}): Endpoint {
  const endpoint: Endpoint = {
    shown: {
      id: newId('we'),
      object: 'webhook_endpoint',
      api_version: null,
      application: null,
      created: nowSeconds(),
      description: given.description || null,
      enabled_events: given.events,
      livemode: false,
      metadata: tags,
      status: 'enabled',
      url: given.url,
    },
    secret: given.secret ?? newSecret(),
  };
  state.webhookEndpoints[endpoint.shown.id] = endpoint;
  return endpoint;
}

const tagsOf = (given: Record<string, string> | '' | undefined) => (given === '' ? {} : given);

function create(state: StripeState, form: Form) {
  const given = parseParams(createParams, form);
  if (given.api_version && given.api_version !== apiVersion) {
    const text = `Invalid API version: the local Stripe renders events only as ${apiVersion}.`;
    throw new StripeError(400, text, { param: 'api_version' });
  }
  const { shown, secret } = addEndpoint(
    state,
    { url: given.url, events: given.enabled_events, description: given.description ?? '' },
    tagsOf(given.metadata),
  );
  shown.api_version = given.api_version ?? null;
  return { ...shown, secret };
}

function update({ shown }: Endpoint, form: Form) {
  const given = parseParams(updateParams, form);
  shown.url = given.url ?? shown.url;
  shown.enabled_events = given.enabled_events ?? shown.enabled_events;
  if (given.description !== undefined) shown.description = given.description || null;
  if (given.metadata !== undefined)
    shown.metadata = given.metadata === '' ? {} : mergeMetadata(shown.metadata, given.metadata);
  if (given.disabled !== undefined) shown.status = given.disabled ? 'disabled' : 'enabled';
  return shown;
}

function found(state: StripeState, id: string): Endpoint {
  const endpoint = state.webhookEndpoints[id];
  if (!endpoint) throw missing('webhook endpoint', id);
  return endpoint;
}

/** The deliveries of an endpoint that is gone are no longer owed to anybody. */
function remove(state: StripeState, id: string) {
  found(state, id);
  delete state.webhookEndpoints[id];
  for (const delivery of Object.values(state.deliveries)) {
    if (delivery.endpoint === id && delivery.status !== 'delivered') delete state.deliveries[delivery.id];
  }
  return { id, object: 'webhook_endpoint', deleted: true };
}

const path = '/v1/webhook_endpoints';
export const webhookEndpointRoutes: Route[] = [
  ['POST', path, ({ state, form }) => create(state, form)],
  [
    'GET',
    path,
    ({ state, form }) => {
      const items = Object.values(state.webhookEndpoints).map(({ shown }) => shown);
      return page(items, path, parseParams(paging, form));
    },
  ],
  ['GET', `${path}/:id`, ({ state, id }) => found(state, id).shown],
  ['POST', `${path}/:id`, ({ state, id, form }) => update(found(state, id), form)],
  ['DELETE', `${path}/:id`, ({ state, id }) => remove(state, id)],
];

/** The endpoint that the local stack knows before its portal runs: kept under one address, with the stack's secret. */
export function keepKnownEndpoint(state: StripeState, given: GivenEndpoint): void {
  const tag = { local: 'portal' };
  const known = Object.values(state.webhookEndpoints).find(({ shown }) => shown.metadata.local === tag.local);
  if (!known) addEndpoint(state, given, tag);
  else {
    known.shown.url = given.url;
    known.shown.enabled_events = given.events;
    known.secret = given.secret;
  }
}

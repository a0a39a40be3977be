/** Sessions of the billing portal over the API. */
import { z } from 'zod';
import { missing, StripeError } from '@/dev/doubles/stripe/errors';
import type { PortalConfiguration, PortalSession } from '@/dev/doubles/stripe/events/events-state';
import type { Form } from '@/dev/doubles/stripe/form';
import { parseParams } from '@/dev/doubles/stripe/params';
import { configurationRoutes, findConfiguration } from '@/dev/doubles/stripe/portal/portal-configuration';
import type { Route } from '@/dev/doubles/stripe/router';
import { newId, nowSeconds, type StripeState } from '@/dev/doubles/stripe/state';

const afterCompletion = z.strictObject({
  type: z.enum(['hosted_confirmation', 'portal_homepage', 'redirect']),
  redirect: z.strictObject({ return_url: z.string() }).optional(),
  hosted_confirmation: z.strictObject({ custom_message: z.string().optional() }).optional(),
});
const createParams = {
  customer: z.string(),
  return_url: z.string().optional(),
  configuration: z.string().optional(),
  locale: z.string().optional(),
  flow_data: z
    .strictObject({
      type: z.enum(['payment_method_update', 'subscription_cancel']),
      after_completion: afterCompletion.optional(),
      subscription_cancel: z.strictObject({ subscription: z.string() }).optional(),
    })
    .optional(),
};
type Flow = NonNullable<z.output<typeof createParams.flow_data>>;

function configurationOf(state: StripeState, id: string | undefined): PortalConfiguration {
  if (id !== undefined) {
    const named = findConfiguration(state, id, 'configuration');
    if (named.active) return named;
    throw new StripeError(400, 'The configuration is not active.', { param: 'configuration' });
  }
  const own = Object.values(state.portalConfigurations).find(({ is_default: isDefault }) => isDefault);
  if (own) return own;
  const text =
    'No configuration provided and your test mode default configuration has not been created. Provide a configuration or create your default by saving your customer portal settings in test mode.';
  throw new StripeError(400, text);
}

function checkFlow(state: StripeState, customer: string, flow: Flow, { features }: PortalConfiguration): void {
  const refuse = (text: string, param: string) => new StripeError(400, text, { param });
  if (flow.type === 'payment_method_update' && !features.payment_method_update.enabled) {
    throw refuse('The payment method update feature is disabled in the portal configuration.', 'flow_data[type]');
  }
  if (flow.type !== 'subscription_cancel') return;
  if (!features.subscription_cancel.enabled) {
    throw refuse('The subscription cancel feature is disabled in the portal configuration.', 'flow_data[type]');
  }
  const param = 'flow_data[subscription_cancel][subscription]';
  const id = flow.subscription_cancel?.subscription;
  if (id === undefined) {
    throw new StripeError(400, `Missing required param: ${param}.`, { code: 'parameter_missing', param });
  }
  const subscription = state.subscriptions[id];
  if (!subscription || subscription.customer !== customer) throw missing('subscription', id, param);
  if (subscription.ended_at !== null || subscription.cancel_at_period_end) {
    throw refuse('The subscription is already canceled or set to cancel.', param);
  }
}

function flowOf(flow: Flow): NonNullable<PortalSession['flow']> {
  const after = flow.after_completion;
  const subscription = flow.subscription_cancel?.subscription;
  return {
    after_completion: {
      hosted_confirmation: after?.hosted_confirmation
        ? { custom_message: after.hosted_confirmation.custom_message ?? null }
        : null,
      redirect: after?.redirect ?? null,
      type: after?.type ?? 'portal_homepage',
    },
    customer_update: null,
    subscription_cancel: subscription === undefined ? null : { retention: null, subscription },
    subscription_pause: null,
    subscription_update: null,
    subscription_update_confirm: null,
    type: flow.type,
  };
}

function create(state: StripeState, form: Form): PortalSession {
  const given = parseParams(createParams, form);
  const { customer } = given;
  if (!state.customers[customer]) throw missing('customer', customer, 'customer');
  const configuration = configurationOf(state, given.configuration);
  if (given.flow_data) checkFlow(state, customer, given.flow_data, configuration);
  if (given.return_url !== undefined && !URL.canParse(given.return_url)) {
    throw new StripeError(400, 'Not a valid URL', { code: 'url_invalid', param: 'return_url' });
  }
  const id = newId('bps');
  const session: PortalSession = {
    id,
    object: 'billing_portal.session',
    configuration: configuration.id,
    created: nowSeconds(),
    customer,
    customer_account: null,
    flow: given.flow_data ? flowOf(given.flow_data) : null,
    livemode: false,
    locale: given.locale ?? null,
    on_behalf_of: null,
    return_url: given.return_url ?? configuration.default_return_url,
    url: `${state.baseUrl}/p/session/${newId('test', 20)}`,
  };
  state.portalSessions[id] = session;
  return session;
}

export const portalRoutes: Route[] = [
  ['POST', '/v1/billing_portal/sessions', ({ state, form }) => create(state, form)],
  ...configurationRoutes,
];

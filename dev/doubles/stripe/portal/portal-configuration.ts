/** Configurations of the billing portal: what a customer may do there. */
import { z } from 'zod';
import { missing, StripeError } from '@/dev/doubles/stripe/errors';
import type { PortalConfiguration } from '@/dev/doubles/stripe/events/events-state';
import type { Form } from '@/dev/doubles/stripe/form';
import { page, paging } from '@/dev/doubles/stripe/lists';
import { flag, mergeMetadata, metadata, parseParams } from '@/dev/doubles/stripe/params';
import type { Route } from '@/dev/doubles/stripe/router';
import { newId, nowSeconds, type StripeState } from '@/dev/doubles/stripe/state';

const proration = z.enum(['always_invoice', 'create_prorations', 'none']);
const updates = ['address', 'email', 'name', 'phone', 'shipping', 'tax_id'] as const;
const reasons = [
  'customer_service',
  'low_quality',
  'missing_features',
  'other',
  'switched_service',
  'too_complex',
  'too_expensive',
  'unused',
] as const;

const features = z.strictObject({
  customer_update: z
    .strictObject({ enabled: flag.optional(), allowed_updates: z.array(z.enum(updates)).optional() })
    .optional(),
  invoice_history: z.strictObject({ enabled: flag }).optional(),
  payment_method_update: z.strictObject({ enabled: flag }).optional(),
  subscription_cancel: z
    .strictObject({
      enabled: flag.optional(),
      mode: z.enum(['at_period_end', 'immediately']).optional(),
      proration_behavior: proration.optional(),
      cancellation_reason: z.strictObject({ enabled: flag, options: z.array(z.enum(reasons)).optional() }).optional(),
    })
    .optional(),
  subscription_update: z
    .strictObject({
      enabled: z.literal('false', 'The local Stripe has no change of plan in the portal').transform(() => false),
    })
    .optional(),
});
const common = {
  name: z.string().optional(),
  default_return_url: z.string().optional(),
  business_profile: z
    .strictObject({
      headline: z.string().max(60).optional(),
      privacy_policy_url: z.string().optional(),
      terms_of_service_url: z.string().optional(),
    })
    .optional(),
  metadata: metadata.optional(),
};
type Features = z.output<typeof features>;
type Common = z.output<z.ZodObject<typeof common>>;

const noFeatures = (): PortalConfiguration['features'] => ({
  customer_update: { allowed_updates: [], enabled: false },
  invoice_history: { enabled: false },
  payment_method_update: { enabled: false, payment_method_configuration: null },
  subscription_cancel: {
    cancellation_reason: { enabled: false, feedback_options: null, options: ['other'] },
    enabled: false,
    mode: 'at_period_end',
    proration_behavior: 'none',
  },
  subscription_pause: { duration: { interval_options: [], type: 'indefinite' }, enabled: false },
  subscription_update: {
    billing_cycle_anchor: null,
    default_allowed_updates: [],
    enabled: false,
    proration_behavior: 'none',
    schedule_at_period_end: { conditions: [] },
    trial_update_behavior: 'end_trial',
  },
});

/** Puts the given features over those a configuration has; a feature not given stays. */
function setFeatures(of: PortalConfiguration['features'], given: Features): void {
  Object.assign(of.customer_update, given.customer_update);
  Object.assign(of.invoice_history, given.invoice_history);
  Object.assign(of.payment_method_update, given.payment_method_update);
  const { cancellation_reason: reason, ...cancel } = given.subscription_cancel ?? {};
  Object.assign(of.subscription_cancel, cancel);
  Object.assign(of.subscription_cancel.cancellation_reason, reason);
}

function setCommon(configuration: PortalConfiguration, given: Common): void {
  Object.assign(configuration.business_profile, given.business_profile);
  configuration.name = given.name ?? configuration.name;
  configuration.default_return_url = given.default_return_url ?? configuration.default_return_url;
  configuration.metadata = mergeMetadata(configuration.metadata ?? {}, given.metadata);
}

function make(state: StripeState, given: Features, isDefault: boolean): PortalConfiguration {
  const created = nowSeconds();
  const configuration: PortalConfiguration = {
    id: newId('bpc'),
    object: 'billing_portal.configuration',
    active: true,
    application: null,
    business_profile: { headline: null, privacy_policy_url: null, terms_of_service_url: null },
    created,
    default_return_url: null,
    features: noFeatures(),
    is_default: isDefault,
    livemode: false,
    login_page: { enabled: false, url: null },
    metadata: {},
    name: null,
    updated: created,
  };
  setFeatures(configuration.features, given);
  state.portalConfigurations[configuration.id] = configuration;
  return configuration;
}

/** A configuration as one who saved the portal's settings in Stripe's dashboard has it; made where there is none. */
export function keepDefaultConfiguration(state: StripeState): void {
  if (Object.values(state.portalConfigurations).some(({ is_default: own }) => own)) return;
  const on = { enabled: true };
  make(
    state,
    {
      invoice_history: on,
      payment_method_update: on,
      subscription_cancel: { ...on, mode: 'at_period_end', proration_behavior: 'none' },
    },
    true,
  );
}

/** The configuration of an id, as a path or a parameter names it. Throws 404 or 400. */
export function findConfiguration(state: StripeState, id: string, param = 'id'): PortalConfiguration {
  const found = state.portalConfigurations[id];
  if (!found) throw missing('configuration', id, param);
  return found;
}

function create(state: StripeState, form: Form): PortalConfiguration {
  const { features: given, ...rest } = parseParams({ ...common, features }, form);
  const configuration = make(state, given, false);
  setCommon(configuration, rest);
  return configuration;
}

function update(state: StripeState, id: string, form: Form): PortalConfiguration {
  const configuration = findConfiguration(state, id);
  const params = { ...common, features: features.optional(), active: flag.optional() };
  const { features: given, active, ...rest } = parseParams(params, form);
  if (active === false && configuration.is_default) {
    throw new StripeError(400, 'You cannot set the default configuration to inactive.', { param: 'active' });
  }
  setFeatures(configuration.features, given ?? {});
  setCommon(configuration, rest);
  configuration.active = active ?? configuration.active;
  configuration.updated = nowSeconds();
  return configuration;
}

const path = '/v1/billing_portal/configurations';
export const configurationRoutes: Route[] = [
  ['POST', path, ({ state, form }) => create(state, form)],
  [
    'GET',
    path,
    ({ state, form }) => {
      const filters = { active: flag.optional(), is_default: flag.optional() };
      const { active, is_default: isDefault, ...paged } = parseParams({ ...paging, ...filters }, form);
      const fits = Object.values(state.portalConfigurations).filter(
        item =>
          (active === undefined || item.active === active) &&
          (isDefault === undefined || item.is_default === isDefault),
      );
      return page(fits, path, paged);
    },
  ],
  ['GET', `${path}/:id`, ({ state, id }) => findConfiguration(state, id)],
  ['POST', `${path}/:id`, ({ state, id, form }) => update(state, id, form)],
];

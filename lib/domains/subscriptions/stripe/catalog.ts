/** What the product needs to be there in a Stripe account: a product and price of each plan, the portal's settings, a webhook. */
import Stripe from 'stripe';
import { type Plan, plans, planTitle } from '@/lib/domains/subscriptions/rules';
import { isMissing } from '@/lib/domains/subscriptions/stripe/stripe-call';
import { handledEvents } from '@/lib/domains/subscriptions/sync/stripe-events';
import { stripe } from '@/lib/platform/stripe';

export type SetUpStep = { what: string; id: string; outcome: 'made' | 'changed' | 'unchanged' };

const slugOf = (plan: Plan) => plan.name.toLowerCase();
const productIdOf = (plan: Plan) => `prod_tenantry_${slugOf(plan)}`;
const productNameOf = (plan: Plan) => `Tenantry ${planTitle(plan.name)}`;

/** The product of a plan, by the price's own product where it has one already, else under an id of ours. */
async function ensureProduct(plan: Plan, price: Stripe.Price | undefined): Promise<SetUpStep> {
  const id = price ? String(price.product) : productIdOf(plan);
  const wanted = { name: productNameOf(plan), metadata: { plan: plan.name } };
  const found = await stripe()
    .products.retrieve(id)
    .catch(error => {
      if (isMissing(error)) return undefined;
      throw error;
    });
  const what = `product of ${plan.name}`;
  if (!found) {
    await stripe().products.create({ id, ...wanted });
    return { what, id, outcome: 'made' };
  }
  if (found.name === wanted.name && found.metadata.plan === plan.name && found.active)
    return { what, id, outcome: 'unchanged' };
  await stripe().products.update(id, { ...wanted, active: true });
  return { what, id, outcome: 'changed' };
}

const costs = (price: Stripe.Price, plan: Plan): boolean =>
  price.unit_amount === plan.priceUsdPerMonth * 100 &&
  price.currency === 'usd' &&
  price.recurring?.interval === 'month' &&
  price.recurring.interval_count === 1;

/**
 * Prices of a plan that are no longer offered: without the look-up key nobody can buy one. They stay active, because
 * Stripe takes no inactive price into a schedule, and who pays one must be able to plan a smaller plan. True where any
 * was not so.
 */
async function keepOthers(plan: Plan, product: string, current: string): Promise<boolean> {
  let changed = false;
  for await (const price of stripe().prices.list({ product, active: false, limit: 100 })) {
    if (price.id === current || price.metadata.plan !== plan.name) continue;
    await stripe().prices.update(price.id, { active: true });
    changed = true;
  }
  return changed;
}

/** A price is never altered in Stripe: another amount is a new price that takes the look-up key over. */
async function replacePrice(plan: Plan, product: string, old: Stripe.Price | undefined): Promise<string> {
  const metadata = { plan: plan.name };
  // Without its look-up key the note alone says which plan the old one's payers have.
  if (old && old.metadata.plan !== plan.name) await stripe().prices.update(old.id, { metadata });
  const made = await stripe().prices.create({
    product,
    currency: 'usd',
    unit_amount: plan.priceUsdPerMonth * 100,
    recurring: { interval: 'month' },
    lookup_key: plan.stripeLookupKey,
    transfer_lookup_key: true,
    metadata,
  });
  if (!old) return made.id;
  const { default_price: fallback } = await stripe().products.retrieve(product);
  if (fallback === old.id) await stripe().products.update(product, { default_price: made.id });
  return made.id;
}

async function ensurePlan(plan: Plan): Promise<SetUpStep[]> {
  const { data } = await stripe().prices.list({ lookup_keys: [plan.stripeLookupKey], limit: 1 });
  const [found] = data;
  const product = await ensureProduct(plan, found);
  const what = `monthly price of ${plan.name}`;
  if (!found || !costs(found, plan)) {
    const id = await replacePrice(plan, product.id, found);
    await keepOthers(plan, product.id, id);
    return [product, { what, id, outcome: found ? 'changed' : 'made' }];
  }
  const kept = await keepOthers(plan, product.id, found.id);
  if (!found.active) await stripe().prices.update(found.id, { active: true });
  return [product, { what, id: found.id, outcome: kept || !found.active ? 'changed' : 'unchanged' }];
}

/** What customers may do in the billing portal; plans are changed in the product, which knows what is in use. */
const portalFeatures = {
  customer_update: { enabled: false },
  invoice_history: { enabled: true },
  payment_method_update: { enabled: true },
  subscription_cancel: { enabled: true, mode: 'at_period_end', proration_behavior: 'none' },
  subscription_update: { enabled: false },
} satisfies Stripe.BillingPortal.ConfigurationCreateParams.Features;

const portalTag = { tenantry: 'portal' };

/** Id of the portal configuration that `setUpCatalog` keeps; undefined where it was not run on this account. */
export async function portalConfigurationId(options?: Stripe.RequestOptions): Promise<string | undefined> {
  for await (const found of stripe().billingPortal.configurations.list({ active: true, limit: 100 }, options)) {
    if (found.metadata?.tenantry === portalTag.tenantry) return found.id;
  }
  return undefined;
}

function allows({ features }: Stripe.BillingPortal.Configuration): boolean {
  return (
    features.invoice_history.enabled &&
    features.payment_method_update.enabled &&
    features.subscription_cancel.enabled &&
    features.subscription_cancel.mode === 'at_period_end' &&
    features.subscription_cancel.proration_behavior === 'none' &&
    !features.subscription_update.enabled &&
    !features.customer_update.enabled
  );
}

async function ensurePortal(): Promise<SetUpStep> {
  const what = 'billing portal configuration';
  const id = await portalConfigurationId();
  const { configurations } = stripe().billingPortal;
  if (id === undefined) {
    const made = await configurations.create({ features: portalFeatures, metadata: portalTag });
    return { what, id: made.id, outcome: 'made' };
  }
  if (allows(await configurations.retrieve(id))) return { what, id, outcome: 'unchanged' };
  await configurations.update(id, { features: portalFeatures });
  return { what, id, outcome: 'changed' };
}

/**
 * Makes or corrects the product and price of each plan and the portal's configuration; a second call changes nothing.
 * Throws Stripe's errors. Source: docs/architecture.md, Plans.
 */
export async function setUpCatalog(): Promise<SetUpStep[]> {
  const steps: SetUpStep[] = [];
  for (const plan of Object.values(plans)) steps.push(...(await ensurePlan(plan)));
  steps.push(await ensurePortal());
  return steps;
}

const sameEvents = (given: string[]): boolean =>
  given.length === handledEvents.length && handledEvents.every(type => given.includes(type));

/**
 * Makes the webhook endpoint of an address, or has it send exactly the events we act on. `secret` is there only when it
 * was made: Stripe tells it once. Throws Stripe's errors.
 */
export async function setUpWebhook(url: string): Promise<{ step: SetUpStep; secret: string | null }> {
  const what = `webhook ${url}`;
  const events = [...handledEvents];
  for await (const found of stripe().webhookEndpoints.list({ limit: 100 })) {
    if (found.url !== url) continue;
    if (sameEvents(found.enabled_events) && found.status === 'enabled')
      return { step: { what, id: found.id, outcome: 'unchanged' }, secret: null };
    await stripe().webhookEndpoints.update(found.id, { enabled_events: events, disabled: false });
    return { step: { what, id: found.id, outcome: 'changed' }, secret: null };
  }
  const made = await stripe().webhookEndpoints.create({ url, enabled_events: events, api_version: Stripe.API_VERSION });
  return { step: { what, id: made.id, outcome: 'made' }, secret: made.secret ?? null };
}

/** Customers with a subscription and a card at the local Stripe, and the webhooks that tell of them, sent by our own hand. */
import type { Delivered } from '@/dev/bench/paced';
import { servicesEnv } from '@/dev/prove/demo-process';
import { createCustomer } from '@/lib/domains/organizations/commands';
import { type PlanName, plans } from '@/lib/domains/subscriptions/rules';
import { linkStripeCustomer } from '@/lib/domains/subscriptions/stripe/link-customer';
import { syncSubscription } from '@/lib/domains/subscriptions/sync/fetch';
import { systemCtx } from '@/lib/kernel/ctx';
import { newId, randomText } from '@/lib/platform/ids';
import { stripe } from '@/lib/platform/stripe';

export type Subscriber = { customerId: string; stripeCustomerId: string; subscriptionId: string };

const prices = new Map<PlanName, string>();

async function priceOf(plan: PlanName): Promise<string> {
  const known = prices.get(plan);
  if (known) return known;
  const { data } = await stripe().prices.list({ lookup_keys: [plans[plan].stripeLookupKey], limit: 1 });
  const [price] = data;
  if (!price) throw new Error(`Stripe has no price of ${plan}`);
  prices.set(plan, price.id);
  return price.id;
}

/** One call of the local Stripe's switches. Throws its text where it refuses. */
export async function control(name: string, body: object): Promise<void> {
  const response = await fetch(`${servicesEnv().STRIPE_API_URL}/_control/${name}`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${name}: ${await response.text()}`);
}

/** Opens a customer of ours that pays for `plan`; known on both sides. */
export async function subscriber(plan: PlanName): Promise<Subscriber> {
  const tag = randomText(8);
  const { result } = await createCustomer(systemCtx('drills'), {
    company_name: `Drill ${tag}`,
    plan,
    owner_email: `owner-${tag}@drill.example`,
    owner_name: 'Drill Owner',
  });
  const stripeCustomerId = await linkStripeCustomer(result.customer);
  const card = await stripe().paymentMethods.attach('pm_card_visa', { customer: stripeCustomerId });
  await stripe().customers.update(stripeCustomerId, { invoice_settings: { default_payment_method: card.id } });
  const made = await stripe().subscriptions.create({
    customer: stripeCustomerId,
    items: [{ price: await priceOf(plan) }],
  });
  await syncSubscription(made.id, 'stripe');
  return { customerId: result.customer.customerId, stripeCustomerId, subscriptionId: made.id };
}

/** Changes the plan at Stripe alone; ours follows by an event. */
export async function changeAtStripe({ subscriptionId }: Subscriber, plan: PlanName): Promise<void> {
  const { items } = await stripe().subscriptions.retrieve(subscriptionId);
  const [item] = items.data;
  if (!item) throw new Error(`${subscriptionId} has no item`);
  await stripe().subscriptions.update(subscriptionId, {
    items: [{ id: item.id, price: await priceOf(plan) }],
    proration_behavior: 'none',
  });
}

/** An event as Stripe sends it, with an id of its own. */
export async function eventOf({ subscriptionId }: Subscriber, type = 'customer.subscription.updated'): Promise<string> {
  const object = await stripe().subscriptions.retrieve(subscriptionId);
  return eventText(type, object);
}

/** The text of an event that carries this object. */
export const eventText = (type: string, object: object): string =>
  JSON.stringify({
    id: newId('evt').replace(/[^\w]/g, ''),
    object: 'event',
    type,
    api_version: '2026-10-28',
    created: Math.floor(Date.now() / 1000),
    livemode: false,
    pending_webhooks: 1,
    request: null,
    data: { object },
  });

/** The header Stripe would send with it, `agoSeconds` ago. */
export const signed = (payload: string, agoSeconds = 0): Promise<string> =>
  stripe().webhooks.generateTestHeaderStringAsync({
    payload,
    secret: servicesEnv().STRIPE_WEBHOOK_SECRETS ?? '',
    timestamp: Math.floor(Date.now() / 1000) - agoSeconds,
  });

/** Sends a body to the portal's webhook; no answer is status 0. */
export async function deliver(portal: string, body: BodyInit, signature: string): Promise<Delivered> {
  const startedAt = performance.now();
  try {
    const response = await fetch(`${portal}/api/webhooks/stripe`, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': signature },
      body,
      signal: AbortSignal.timeout(30_000),
    });
    await response.arrayBuffer();
    return { status: response.status, ms: performance.now() - startedAt };
  } catch {
    return { status: 0, ms: performance.now() - startedAt };
  }
}

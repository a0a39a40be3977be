/** Customers that pay, on a Stripe double of the test's own. */
import { eq } from 'drizzle-orm';
import { type StartedDouble, startDouble } from '@/dev/doubles/stripe/start-double';
import { stripeAccount } from '@/dev/stack/services/stripe-account';
import { createWorld, type World } from '@/dev/testing/world';
import { readCustomer } from '@/lib/domains/customers/profile';
import { customers } from '@/lib/domains/customers/tables';
import { type PlanName, plans } from '@/lib/domains/subscriptions/rules';
import { linkStripeCustomer } from '@/lib/domains/subscriptions/stripe/link-customer';
import { syncSubscription } from '@/lib/domains/subscriptions/sync/fetch';
import { db } from '@/lib/platform/db';

/** Starts a double and has this process' client call it; call it before anything else asks for a setting. */
export async function ownStripe(): Promise<StartedDouble> {
  const double = await startDouble(stripeAccount());
  process.env.STRIPE_API_URL = double.url;
  return double;
}

/** Id of the plan's price in the double. */
export async function priceOf(double: StartedDouble, plan: PlanName): Promise<string> {
  const { data } = await double.client.prices.list({ lookup_keys: [plans[plan].stripeLookupKey] });
  const [price] = data;
  if (!price) throw new Error(`the double sells no ${plan}`);
  return price.id;
}

export type Payer = { world: World; stripeCustomerId: string; subscriptionId: string };

/** A customer with a card and a current subscription; `card` is one of Stripe's test cards, `trialEnd` in Unix seconds. */
export async function createPayer(
  double: StartedDouble,
  plan: PlanName,
  options: { card?: string; trialEnd?: number } = {},
): Promise<Payer> {
  const world = await createWorld({ plan });
  const stripeCustomerId = await linkStripeCustomer(await readCustomer(world.customerId));
  const card = await double.client.paymentMethods.attach(options.card ?? 'pm_card_visa', {
    customer: stripeCustomerId,
  });
  await double.client.customers.update(stripeCustomerId, { invoice_settings: { default_payment_method: card.id } });
  const { id } = await double.client.subscriptions.create({
    customer: stripeCustomerId,
    items: [{ price: await priceOf(double, plan) }],
    ...(options.trialEnd ? { trial_end: options.trialEnd } : {}),
  });
  await syncSubscription(id, 'stripe');
  return { world, stripeCustomerId, subscriptionId: id };
}

/** Suspends as support does, without its words. */
export const suspend = (world: World) =>
  db().update(customers).set({ status: 'SUSPENDED' }).where(eq(customers.customerId, world.customerId));

/** The demo customers' side in Stripe: price, customer and subscription, found again on a repeat. */
import type Stripe from 'stripe';
import type { DemoCustomer } from '@/lib/cli/seed/cast';
import type { Customer } from '@/lib/domains/customers/tables';
import { type PlanName, plans, trialDays } from '@/lib/domains/subscriptions/rules';
import { stripe } from '@/lib/platform/stripe';

export type StripeIds = {
  customerId: string;
  subscriptionId: string;
  priceId: string;
  status: Stripe.Subscription.Status;
};

/** The monthly price of a plan by its look-up key, created where Stripe has none. */
export async function ensurePrice(plan: PlanName): Promise<string> {
  const { stripeLookupKey, priceUsdPerMonth } = plans[plan];
  const found = await stripe().prices.list({ lookup_keys: [stripeLookupKey], limit: 1 });
  const [price] = found.data;
  if (price) return price.id;
  const product = await stripe().products.create(
    { name: `Tenantry ${plan}`, metadata: { plan } },
    { idempotencyKey: `product-${plan}` },
  );
  const made = await stripe().prices.create(
    {
      product: product.id,
      currency: 'usd',
      unit_amount: priceUsdPerMonth * 100,
      recurring: { interval: 'month' },
      lookup_key: stripeLookupKey,
    },
    { idempotencyKey: `price-${stripeLookupKey}` },
  );
  return made.id;
}

/** Creates the customer and its subscription: a trial, or for a paying one invoices by mail, which need no card. */
export async function subscribeInStripe(
  demo: DemoCustomer,
  customer: Customer,
  owner: { email: string },
): Promise<StripeIds> {
  const priceId = await ensurePrice(demo.plan);
  const { customerId } = customer;
  const metadata = { customer_id: customerId };
  const made = await stripe().customers.create(
    { name: demo.companyName, email: owner.email, metadata },
    { idempotencyKey: `customer-${customerId}` },
  );
  const subscription = await stripe().subscriptions.create(
    {
      customer: made.id,
      items: [{ price: priceId }],
      metadata,
      ...(demo.paying
        ? { collection_method: 'send_invoice', days_until_due: 30 }
        : { trial_period_days: Math.max(1, trialDays - demo.openedDaysAgo) }),
    },
    { idempotencyKey: `subscription-${customerId}` },
  );
  return { customerId: made.id, subscriptionId: subscription.id, priceId, status: subscription.status };
}

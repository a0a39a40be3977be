/** How the local Stripe's account is set up: our plans as prices, and the events our webhook is told of. */
import type { CatalogPrice } from '@/dev/doubles/stripe/given';
import { plans } from '@/lib/domains/subscriptions/rules';
import { handledEvents } from '@/lib/domains/subscriptions/sync/stripe-events';

/** Our plans as products with one monthly price each, found by their look-up keys. */
export const planPrices = (): CatalogPrice[] =>
  Object.values(plans).map(plan => {
    const slug = plan.name.toLowerCase();
    return {
      product: {
        id: `prod_tenantry_${slug}`,
        name: `Tenantry ${plan.name[0]}${slug.slice(1)}`,
        metadata: { plan: plan.name },
      },
      lookup_key: plan.stripeLookupKey,
      unit_amount: plan.priceUsdPerMonth * 100,
      currency: 'usd',
      interval: 'month',
    };
  });

/** The variables a double is started with so that it sells our plans. */
export const stripeAccount = (): Record<string, string> => ({
  STRIPE_CATALOG: JSON.stringify(planPrices()),
  STRIPE_WEBHOOK_EVENTS: handledEvents.join(','),
});

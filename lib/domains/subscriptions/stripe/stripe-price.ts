/** The price in Stripe of each plan, found by its look-up key. */
import { type PlanName, plans } from '@/lib/domains/subscriptions/rules';
import { asking, briefly } from '@/lib/domains/subscriptions/stripe/stripe-call';
import { AppError } from '@/lib/platform/errors';
import { log } from '@/lib/platform/log';
import { stripe } from '@/lib/platform/stripe';

/** Id of the plan's current price. Throws AppError payment_service_unavailable where `stripe setup` was not run. */
export async function priceIdOf(plan: PlanName): Promise<string> {
  const { stripeLookupKey } = plans[plan];
  const { data } = await asking(() =>
    stripe().prices.list({ lookup_keys: [stripeLookupKey], active: true, limit: 1 }, briefly),
  );
  const [price] = data;
  if (price) return price.id;
  log().error({ lookup_key: stripeLookupKey }, 'a plan has no price in Stripe: run `stripe setup`');
  throw new AppError('payment_service_unavailable', 'This plan cannot be bought at the moment. Nothing was changed.');
}

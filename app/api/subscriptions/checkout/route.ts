/** POST: opens Stripe's Checkout for a plan; `url` is where the person pays. */
import { startCheckout } from '@/lib/domains/subscriptions/checkout/checkout';
import { defineRoute } from '@/lib/edge/portal/route';

export const POST = defineRoute({
  summary: 'Start a checkout',
  method: 'POST',
  command: startCheckout,
  answer: result => ({ status: 201, body: result, headers: { 'cache-control': 'no-store' } }),
});

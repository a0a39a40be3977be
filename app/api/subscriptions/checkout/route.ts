/** POST: opens Stripe's Checkout for a plan; `url` is where the person pays. */
import { startCheckout } from '@/lib/domains/subscriptions/checkout/checkout';
import { checkoutInput } from '@/lib/domains/subscriptions/input';
import { defineRoute } from '@/lib/edge/portal/route';

export const POST = defineRoute({
  name: 'subscription.start_checkout',
  method: 'POST',
  permission: 'billing:write',
  body: checkoutInput,
  handler: async ({ ctx, body }) => {
    const { result } = await startCheckout(ctx, body);
    return { status: 201, body: result, headers: { 'cache-control': 'no-store' } };
  },
});

/** POST: opens Stripe's Billing Portal; `url` is good for a while, for this organization. */
import { openPortal } from '@/lib/domains/subscriptions/checkout/billing-portal';
import { portalInput } from '@/lib/domains/subscriptions/input';
import { defineRoute } from '@/lib/edge/portal/route';

export const POST = defineRoute({
  name: 'subscription.open_portal',
  method: 'POST',
  permission: 'billing:write',
  body: portalInput,
  handler: async ({ ctx, body }) => {
    const { result } = await openPortal(ctx, body);
    return { status: 201, body: result, headers: { 'cache-control': 'no-store' } };
  },
});

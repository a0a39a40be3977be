/** POST: opens Stripe's Billing Portal; `url` is good for a while, for this organization. */
import { openPortal } from '@/lib/domains/subscriptions/checkout/billing-portal';
import { defineRoute } from '@/lib/edge/portal/route';

export const POST = defineRoute({
  summary: 'Open Stripe’s billing portal',
  method: 'POST',
  command: openPortal,
  answer: result => ({ status: 201, body: result, headers: { 'cache-control': 'no-store' } }),
});

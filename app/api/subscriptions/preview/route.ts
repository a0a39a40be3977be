/** GET: what changing to `plan` would cost now, when it would hold, and what would not fit. */
import { previewInput } from '@/lib/domains/subscriptions/input';
import { previewChange } from '@/lib/domains/subscriptions/preview';
import { defineRoute } from '@/lib/edge/route';

export const GET = defineRoute({
  name: 'subscription.preview',
  method: 'GET',
  permission: 'billing:write',
  query: previewInput,
  handler: async ({ ctx, query }) => ({ status: 200, body: await previewChange(ctx, query.plan) }),
});

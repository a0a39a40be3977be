/** GET: the organization's plan, its limits and what of them is used now. */
import { readBilling } from '@/lib/domains/subscriptions/queries';
import { defineRoute } from '@/lib/edge/portal/route';

export const GET = defineRoute({
  summary: 'Read plan and limits',
  name: 'subscription.read',
  method: 'GET',
  permission: 'billing:read',
  query: async ({ ctx }) => ({ status: 200, body: await readBilling(ctx) }),
});

/** POST: takes a planned change of the plan back. */
import { keepPlan } from '@/lib/domains/subscriptions/change/change-plan';
import { defineRoute } from '@/lib/edge/portal/route';

export const POST = defineRoute({
  name: 'subscription.keep_plan',
  method: 'POST',
  permission: 'billing:write',
  handler: async ({ ctx }) => {
    const { result } = await keepPlan(ctx, {});
    return { status: 200, body: result };
  },
});

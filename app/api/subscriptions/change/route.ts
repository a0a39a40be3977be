/** POST: changes the plan: a bigger one at once, a smaller one at the period's end. */
import { changePlan } from '@/lib/domains/subscriptions/change-plan';
import { changePlanInput } from '@/lib/domains/subscriptions/input';
import { defineRoute } from '@/lib/edge/route';

export const POST = defineRoute({
  name: 'subscription.change_plan',
  method: 'POST',
  permission: 'billing:write',
  body: changePlanInput,
  handler: async ({ ctx, body }) => {
    const { result } = await changePlan(ctx, body);
    return { status: 200, body: result };
  },
});

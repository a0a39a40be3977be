/** POST: takes a planned change of the plan back. */
import { keepPlan } from '@/lib/domains/subscriptions/change/change-plan';
import { defineRoute } from '@/lib/edge/portal/route';

export const POST = defineRoute({
  summary: 'Take back a planned change',
  method: 'POST',
  command: keepPlan,
});

/**
 * POST: changes the plan: a bigger one at once, a smaller one at the period's end. 200 where that is done or planned, 202
 * with `payment` where the bank asks the cardholder first. Body: `plan` and, from GET /api/subscriptions/preview,
 * `direction`, `amount_cents` (its `amount_due_cents`) and `proration_date`. Nothing is charged that was not confirmed: a
 * change that costs something without its amount, or with another one, is 409 with `amount_due_cents`, `currency`,
 * `direction` and `proration_date` as they are now.
 */
import { changePlan } from '@/lib/domains/subscriptions/change/change-plan';
import { defineRoute } from '@/lib/edge/portal/route';

export const POST = defineRoute({
  summary: 'Change the plan',
  method: 'POST',
  command: changePlan,
  answer: result => ({ status: result.payment ? 202 : 200, body: result }),
});

/** PATCH: sets another amount. DELETE: takes the budget away. */
import { deleteBudget, editBudget } from '@/lib/domains/traces/budgets/budgets';
import { defineRoute } from '@/lib/edge/portal/route';

export const PATCH = defineRoute({
  summary: 'Change a budget',
  method: 'PATCH',
  command: editBudget,
  ids: { budget_id: 'id' },
});

export const DELETE = defineRoute({
  summary: 'Delete a budget',
  method: 'DELETE',
  command: deleteBudget,
  ids: { budget_id: 'id' },
});

/** Scheduled work on budgets of AI usage. */
import { measureBudgets } from '@/lib/domains/traces/budgets/measure-budgets';
import { defineJob } from '@/lib/kernel/jobs';

export const measureBudgetsJob = defineJob({
  name: 'ai_budget.measure',
  schedule: '*/15 * * * *',
  description: 'Measures budgets of AI usage, and tells members when one is used to 80 % and 100 %.',
  run: ({ clock }) => measureBudgets({ clock }),
});

/** GET: budgets of AI usage with what this UTC month came to, the most used first. POST: creates one. */
import { createBudget } from '@/lib/domains/traces/budgets/budgets';
import { listBudgets } from '@/lib/domains/traces/budgets/list-budgets';
import { freshnessBody } from '@/lib/edge/portal/page-card';
import { defineRoute } from '@/lib/edge/portal/route';

export const GET = defineRoute({
  summary: 'List budgets',
  input: listBudgets.input,
  name: 'ai_budget.list',
  method: 'GET',
  permission: 'traces:read',
  query: async ({ ctx, raw }) => {
    const { budgets, month, ...age } = await listBudgets(ctx, raw);
    return { status: 200, body: { data: budgets, month, ...freshnessBody(age) } };
  },
});

export const POST = defineRoute({
  summary: 'Set a budget',
  method: 'POST',
  command: createBudget,
  except: ['request_token'],
  answer: budget => ({ status: 201, body: budget }),
});

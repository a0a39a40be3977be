'use server';
/** Forms of budgets: the same commands as the JSON routes. */
import { dollarsIn, text } from '@/app/(portal)/_shell/form-values';
import { budgetsHref } from '@/app/(portal)/traces/budgets/_parts/budget-words';
import { createBudget, deleteBudget, editBudget } from '@/lib/domains/traces/budgets/budgets';
import { memberAction } from '@/lib/edge/portal/action';
import type { FormState } from '@/lib/edge/portal/form-state';
import { land } from '@/lib/edge/portal/landing';

const done = (what: string): Promise<never> => land(`${budgetsHref}?done=${what}`);

export async function createBudgetAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }, values) => {
    await createBudget(ctx, {
      scope: text(values.scope),
      subject: text(values.subject),
      amount_usd: dollarsIn(values.amount_usd),
      request_token: text(values.idempotency_key),
    });
    return done('created');
  });
}

export async function editBudgetAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }, values) => {
    await editBudget(ctx, { budget_id: text(values.budget_id), amount_usd: dollarsIn(values.amount_usd) });
    return done('changed');
  });
}

export async function deleteBudgetAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }, values) => {
    await deleteBudget(ctx, { budget_id: text(values.budget_id) });
    return done('deleted');
  });
}

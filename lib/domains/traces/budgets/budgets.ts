/** Budgets of AI usage: set for all of it or for one developer, repository or model, changed and taken away. */
import { and, count, eq } from 'drizzle-orm';
import { lockCustomer } from '@/lib/domains/customers/profile';
import { budgetIdInput, createBudgetInput, editBudgetInput } from '@/lib/domains/traces/budgets/budget-input';
import { type StoredBudget, storedBudget } from '@/lib/domains/traces/budgets/budget-view';
import { maxBudgets } from '@/lib/domains/traces/rules';
import { type AiBudget, aiBudgets } from '@/lib/domains/traces/tables';
import { type Change, defineCommand } from '@/lib/kernel/command';
import { actorLabel, requireCustomer } from '@/lib/kernel/ctx';
import type { Tx } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';
import { newId } from '@/lib/platform/ids';

const targetOf = ({ budget_id }: StoredBudget) => ({ type: 'ai_budget', id: budget_id });

const ofCustomer = (customerId: string, budgetId: string) =>
  and(eq(aiBudgets.customerId, customerId), eq(aiBudgets.budgetId, budgetId));

async function lockBudget(tx: Tx, customerId: string, budgetId: string): Promise<AiBudget> {
  const [budget] = await tx.select().from(aiBudgets).where(ofCustomer(customerId, budgetId)).for('update');
  if (!budget) throw new AppError('not_found', 'There is no such budget.');
  return budget;
}

/** AppError conflict where the subject has a budget, or the customer has as many as it may. */
async function requirePlace(tx: Tx, customerId: string, { scope, subject }: Pick<AiBudget, 'scope' | 'subject'>) {
  const own = eq(aiBudgets.customerId, customerId);
  const [same] = await tx
    .select({ budgetId: aiBudgets.budgetId })
    .from(aiBudgets)
    .where(and(own, eq(aiBudgets.scope, scope), eq(aiBudgets.subject, subject)));
  if (same) {
    const what = scope === 'all' ? 'All AI usage' : `The ${scope} “${subject}”`;
    const message = `${what} has a budget already. Change that one.`;
    throw new AppError('conflict', message, { details: { budget_id: same.budgetId } });
  }
  const [{ budgets = 0 } = {}] = await tx.select({ budgets: count() }).from(aiBudgets).where(own);
  if (budgets < maxBudgets) return;
  throw new AppError('conflict', `There are ${maxBudgets} budgets. Delete some that are not needed.`);
}

async function budgetOfRequest(tx: Tx, customerId: string, token: string | undefined): Promise<AiBudget | undefined> {
  if (!token) return undefined;
  const same = and(eq(aiBudgets.customerId, customerId), eq(aiBudgets.requestToken, token));
  return (await tx.select().from(aiBudgets).where(same))[0];
}

/**
 * Sets what a UTC month may cost, from this month on; the same request_token again answers the budget that it made.
 * AppError invalid_input, conflict where the subject has one.
 */
export const createBudget = defineCommand({
  name: 'ai_budget.create',
  permission: 'budgets:write',
  input: createBudgetInput,
  run: async ({ ctx, tx, input }): Promise<Change<StoredBudget>> => {
    const { customerId } = requireCustomer(ctx);
    const { scope, subject, amount_usd: amountUsd, request_token: token } = input;
    await lockCustomer(tx, customerId);
    const earlier = await budgetOfRequest(tx, customerId, token);
    const isSame = earlier?.scope === scope && earlier.subject === subject && earlier.amountUsd === amountUsd;
    if (earlier && isSame) return { result: storedBudget(earlier), unchanged: true };
    if (earlier) {
      const message = 'This form has created a budget already. Open the page again to create another one.';
      throw new AppError('conflict', message, { details: { budget_id: earlier.budgetId } });
    }
    await requirePlace(tx, customerId, { scope, subject });
    const now = ctx.clock();
    const [stored] = await tx
      .insert(aiBudgets)
      .values({
        budgetId: newId('bud'),
        customerId,
        scope,
        subject,
        amountUsd,
        createdAt: now,
        createdBy: actorLabel(ctx.actor),
        updatedAt: now,
        requestToken: token ?? null,
      })
      .returning();
    if (!stored) throw new Error('the budget was not stored');
    const after = storedBudget(stored);
    return { result: after, target: targetOf(after), before: null, after, mirror: [] };
  },
});

/** Sets another amount, from this month on; its marks are told of anew. AppError not_found, invalid_input. */
export const editBudget = defineCommand({
  name: 'ai_budget.edit',
  permission: 'budgets:write',
  input: editBudgetInput,
  run: async ({ ctx, tx, input }): Promise<Change<StoredBudget>> => {
    const { customerId } = requireCustomer(ctx);
    const known = await lockBudget(tx, customerId, input.budget_id);
    const before = storedBudget(known);
    if (known.amountUsd === input.amount_usd) return { result: before, unchanged: true };
    const [changed] = await tx
      .update(aiBudgets)
      .set({ amountUsd: input.amount_usd, updatedAt: ctx.clock() })
      .where(ofCustomer(customerId, known.budgetId))
      .returning();
    if (!changed) throw new Error('the budget went away under its lock');
    const after = storedBudget(changed);
    return { result: after, target: targetOf(after), before, after, mirror: [] };
  },
});

/** Takes a budget away; nobody is told of it any more. AppError not_found. */
export const deleteBudget = defineCommand({
  name: 'ai_budget.delete',
  permission: 'budgets:write',
  input: budgetIdInput,
  run: async ({ ctx, tx, input }): Promise<Change<StoredBudget>> => {
    const { customerId } = requireCustomer(ctx);
    const [gone] = await tx.delete(aiBudgets).where(ofCustomer(customerId, input.budget_id)).returning();
    if (!gone) throw new AppError('not_found', 'There is no such budget.');
    const before = storedBudget(gone);
    return { result: before, target: targetOf(before), before, after: null, mirror: [] };
  },
});

import { and, eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { createWorld, type World } from '@/dev/testing/world';
import { createBudget, deleteBudget, editBudget } from '@/lib/domains/traces/budgets/budgets';
import { listBudgets, readBudget } from '@/lib/domains/traces/budgets/list-budgets';
import { maxBudgets } from '@/lib/domains/traces/rules';
import { aiBudgets } from '@/lib/domains/traces/tables';
import { auditLog } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';
import { newId } from '@/lib/platform/ids';

const mia = { scope: 'developer', subject: 'mia@example.com', amount_usd: 100 } as const;
const amounts = async (world: World) =>
  (await listBudgets(world.as('VIEWER'), {})).budgets.map(({ subject, amount_usd }) => [subject, amount_usd]);

test('a budget is set, changed and taken away, each with its row in the audit log', async () => {
  const world = await createWorld();
  const admin = world.as('ADMIN');
  const { result } = await createBudget(admin, mia);
  const { budget_id } = result;
  expect(await readBudget(world.as('VIEWER'), {}, budget_id)).toMatchObject({
    ...mia,
    created_by: world.members.ADMIN.email,
  });
  await editBudget(admin, { budget_id, amount_usd: 250.5 });
  // The same amount again changes nothing and leaves no row.
  await editBudget(admin, { budget_id, amount_usd: 250.5 });
  expect(await amounts(world)).toEqual([['mia@example.com', 250.5]]);
  await deleteBudget(admin, { budget_id });
  expect(await amounts(world)).toEqual([]);
  await expect(readBudget(admin, {}, budget_id)).rejects.toMatchObject({ code: 'not_found' });
  const rows = await db()
    .select()
    .from(auditLog)
    .where(and(eq(auditLog.customerId, world.customerId), eq(auditLog.targetId, budget_id)));
  expect(rows.map(({ action }) => action).sort()).toEqual(['ai_budget.create', 'ai_budget.delete', 'ai_budget.edit']);
});

test('a subject has one budget, and the same name is another subject in another scope', async () => {
  const world = await createWorld();
  const owner = world.as('OWNER');
  await createBudget(owner, mia);
  await expect(createBudget(owner, { ...mia, amount_usd: 5 })).rejects.toMatchObject({
    code: 'conflict',
    message: 'The developer “mia@example.com” has a budget already. Change that one.',
  });
  await createBudget(owner, { ...mia, scope: 'model' });
  await createBudget(owner, { scope: 'all', amount_usd: 5 });
  await expect(createBudget(owner, { scope: 'all', amount_usd: 6 })).rejects.toMatchObject({
    message: 'All AI usage has a budget already. Change that one.',
  });
  expect(await amounts(world)).toHaveLength(3);
});

test('a form that is sent twice makes one budget; sent again with another content it is refused', async () => {
  const world = await createWorld();
  const request_token = newId('req');
  const send = (change: object = {}) => createBudget(world.as('OWNER'), { ...mia, request_token, ...change });
  const [first, second] = await Promise.all([send(), send()]);
  expect(first.result.budget_id).toBe(second.result.budget_id);
  await expect(send({ amount_usd: 7 })).rejects.toMatchObject({ code: 'conflict' });
  expect(await amounts(world)).toEqual([['mia@example.com', 100]]);
});

test('a customer has a bounded number of budgets', async () => {
  const world = await createWorld();
  const { customerId } = world;
  const at = new Date();
  const common = { customerId, scope: 'model', amountUsd: 1, createdAt: at, updatedAt: at, createdBy: 'test' } as const;
  await db()
    .insert(aiBudgets)
    .values(Array.from({ length: maxBudgets }, (_, i) => ({ ...common, budgetId: newId('bud'), subject: `m${i}` })));
  await expect(createBudget(world.as('OWNER'), mia)).rejects.toMatchObject({ code: 'conflict' });
});

test.each(['no-such-budget', 'x y', ''])('a budget that is not there (%j) is not found', async id => {
  const world = await createWorld();
  await expect(readBudget(world.as('VIEWER'), {}, id)).rejects.toMatchObject({ code: 'not_found' });
});

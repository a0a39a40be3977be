import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { createWorld } from '@/dev/testing/world';
import { notifications } from '@/lib/domains/notifications/tables';
import { createBudget } from '@/lib/domains/traces/budgets/budgets';
import { listBudgets } from '@/lib/domains/traces/budgets/list-budgets';
import { measureBudgets } from '@/lib/domains/traces/budgets/measure-budgets';
import { aiBudgets } from '@/lib/domains/traces/tables';
import { db } from '@/lib/platform/db';

// Nothing listens there.
process.env.BIGQUERY_API_URL = 'http://127.0.0.1:9';

test('while BigQuery is away budgets show what was last measured of this month, and nobody is told', async () => {
  const world = await createWorld();
  const now = new Date('2031-06-20T12:00:00Z');
  const clock = () => now;
  const measuredAt = new Date('2031-06-20T11:45:00Z');
  const ctx = { ...world.as('OWNER'), clock };
  const measured = async (scope: 'developer' | 'model', spentUsd: number, spentMonth: string) => {
    const { result } = await createBudget(ctx, { scope, subject: 'x', amount_usd: 10 });
    const columns = { spentUsd, spentMonth, measuredAt };
    await db().update(aiBudgets).set(columns).where(eq(aiBudgets.budgetId, result.budget_id));
  };
  await measured('developer', 9, '2031-05-01');
  await measured('model', 8.5, '2031-06-01');
  await createBudget(ctx, { scope: 'all', amount_usd: 10 });
  const list = await listBudgets({ ...world.as('VIEWER'), clock }, {});
  expect(list).toMatchObject({ state: 'unavailable', readAt: measuredAt, month: '2031-06-01' });
  const [first, ...others] = list.budgets.map(({ scope, spent_usd, unpriced, state }) => [
    scope,
    spent_usd,
    unpriced,
    state,
  ]);
  expect(first).toEqual(['model', 8.5, null, 'warning']);
  // Budgets that were made in the same millisecond stand in any order.
  expect(others.sort()).toEqual([
    ['all', null, null, null],
    ['developer', null, null, null],
  ]);
  expect(await measureBudgets({ clock, customers: [world.customerId] })).toEqual({ customers: 0, told: 0, failed: 1 });
  const told = await db().select().from(notifications).where(eq(notifications.customerId, world.customerId));
  expect(told).toEqual([]);
});

/** Budgets of AI usage with what the UTC month came to: by BigQuery now, or as last measured where it cannot be asked. */
import { and, asc, eq, gte, sql } from 'drizzle-orm';
import { z } from 'zod';
import { budgetIdInput } from '@/lib/domains/traces/budgets/budget-input';
import {
  type BudgetState,
  budgetState,
  type StoredBudget,
  storedBudget,
} from '@/lib/domains/traces/budgets/budget-view';
import { readMonthCosts } from '@/lib/domains/traces/budgets/month-costs';
import { budgetMarks } from '@/lib/domains/traces/rules';
import { type AiBudget, aiBudgets } from '@/lib/domains/traces/tables';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { defineOperation } from '@/lib/kernel/operation';
import { BigQueryLateError } from '@/lib/platform/bigquery/bigquery';
import { utcMonth } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';
import type { RowsAge } from '@/lib/warehouse/query/rows-age';

export type BudgetView = StoredBudget & {
  /** Dollars of this UTC month by the price book; null where it was not measured yet. */
  spent_usd: number | null;
  /** Requests of it that have no price, so that `spent_usd` is the least it may be; null where that is not known. */
  unpriced: number | null;
  state: BudgetState | null;
};
export type BudgetList = RowsAge & {
  /** First day of the month. */
  month: string;
  budgets: BudgetView[];
};

const budgetsOf = (customerId: string): Promise<AiBudget[]> =>
  db().select().from(aiBudgets).where(eq(aiBudgets.customerId, customerId)).orderBy(asc(aiBudgets.budgetId));

type Spent = { spentUsd: number; unpriced: number | null } | null;

const view = (budget: AiBudget, spent: Spent): BudgetView => ({
  ...storedBudget(budget),
  spent_usd: spent?.spentUsd ?? null,
  unpriced: spent?.unpriced ?? null,
  state: spent ? budgetState(spent.spentUsd, budget.amountUsd) : null,
});

const shareOf = ({ spent_usd, amount_usd }: BudgetView): number => (spent_usd ?? -1) / amount_usd;

/** What the job measured last in this month; the oldest time of it is that of the list. */
function asMeasured(budgets: readonly AiBudget[], now: Date, { cause }: AppError): BudgetList {
  const month = utcMonth(now);
  const ofMonth = budgets.filter(budget => budget.spentMonth === month);
  const times = ofMonth.flatMap(({ measuredAt }) => (measuredAt ? [measuredAt.getTime()] : []));
  return {
    state: cause instanceof BigQueryLateError ? 'slow' : 'unavailable',
    readAt: new Date(Math.min(now.getTime(), ...times)),
    pendingSince: null,
    month,
    budgets: budgets.map(budget =>
      view(budget, ofMonth.includes(budget) ? { spentUsd: budget.spentUsd, unpriced: null } : null),
    ),
  };
}

async function withCosts(ctx: CustomerCtx, budgets: readonly AiBudget[]): Promise<BudgetList> {
  const month = utcMonth(ctx.clock());
  if (budgets.length === 0) return { state: 'current', readAt: ctx.clock(), pendingSince: null, month, budgets: [] };
  try {
    const { of, ...costs } = await readMonthCosts(ctx, budgets);
    const views = budgets.map(budget => {
      const { bookCostUsd: spentUsd, unpriced } = of(budget);
      return view(budget, { spentUsd, unpriced });
    });
    return { ...costs, budgets: views };
  } catch (error) {
    if (error instanceof AppError && error.code === 'warehouse_unavailable')
      return asMeasured(budgets, ctx.clock(), error);
    throw error;
  }
}

/** All budgets, the most used first. AppError forbidden, rate_limited. */
export const listBudgets = defineOperation({
  name: 'ai_budget.list',
  permission: 'traces:read',
  input: z.strictObject({}),
  run: async (ctx: CustomerCtx): Promise<BudgetList> => {
    const list = await withCosts(ctx, await budgetsOf(ctx.customerId));
    return { ...list, budgets: list.budgets.sort((a, b) => shareOf(b) - shareOf(a)) };
  },
});

/** One budget by its id. AppError forbidden, not_found, also for a foreign or malformed id. */
export const readBudget = defineOperation({
  name: 'ai_budget.read',
  permission: 'traces:read',
  input: z.strictObject({}),
  run: async ({ customerId }: CustomerCtx, _asked, id: string): Promise<StoredBudget> => {
    const isId = budgetIdInput.safeParse({ budget_id: id }).success;
    const own = and(eq(aiBudgets.customerId, customerId), eq(aiBudgets.budgetId, id));
    const [found] = isId ? await db().select().from(aiBudgets).where(own) : [];
    if (!found) throw new AppError('not_found', 'There is no such budget.');
    return storedBudget(found);
  },
});

export type SpentBudget = StoredBudget & { spent_usd: number };

/** Budgets that the job last found at their warning or beyond in this month, without asking BigQuery. AppError forbidden. */
export const listSpentBudgets = defineOperation({
  name: 'ai_budget.list_spent',
  permission: 'traces:read',
  input: z.strictObject({}),
  run: async ({ customerId, clock }: CustomerCtx): Promise<SpentBudget[]> => {
    const share = sql`${aiBudgets.spentUsd} / ${aiBudgets.amountUsd}`;
    const rows = await db()
      .select()
      .from(aiBudgets)
      .where(
        and(
          eq(aiBudgets.customerId, customerId),
          eq(aiBudgets.spentMonth, utcMonth(clock())),
          gte(share, budgetMarks.warning),
        ),
      )
      .orderBy(sql`${share} DESC`, asc(aiBudgets.budgetId));
    return rows.map(row => ({ ...storedBudget(row), spent_usd: row.spentUsd }));
  },
});

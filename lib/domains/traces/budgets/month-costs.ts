/** What the UTC month's requests to AI models have cost, of all that budgets name, by one question. */
import { z } from 'zod';
import { subjectKey } from '@/lib/domains/traces/budgets/budget-view';
import { budgetScopes } from '@/lib/domains/traces/rules';
import type { AiBudget } from '@/lib/domains/traces/tables';
import { machinesWrite } from '@/lib/domains/traces/usage/usage';
import { bindDays } from '@/lib/domains/traces/usage/usage-filter';
import type { Ctx } from '@/lib/kernel/ctx';
import { utcDayInput } from '@/lib/kernel/input';
import { utcDay, utcMonth } from '@/lib/platform/clock';
import { defineQuery } from '@/lib/warehouse/query/define-query';
import type { RowsAge } from '@/lib/warehouse/query/rows-age';

const countMonthCosts = defineQuery({
  name: 'ai_budget.count_costs',
  permission: 'traces:read',
  sql: 'traces/count-month-costs.sql',
  withoutOverlay: machinesWrite,
  params: z.strictObject({ from: utcDayInput, to: utcDayInput, subjects: z.array(z.string()) }),
  bind: ({ subjects, ...days }) => ({ ...bindDays(days), subjects: { type: 'ARRAY<STRING>', value: subjects } }),
  row: z.strictObject({
    scope: z.enum(budgetScopes),
    subject: z.string(),
    requests: z.int(),
    unpriced: z.int(),
    book_cost_usd: z.number(),
  }),
});

/** By the price book, in US dollars; `unpriced` of the requests have no price and count nothing. */
export type MonthCost = { bookCostUsd: number; requests: number; unpriced: number };
export type MonthCosts = RowsAge & {
  /** First day of the month. */
  month: string;
  of: (budget: Pick<AiBudget, 'scope' | 'subject'>) => MonthCost;
};

const nothing: MonthCost = { bookCostUsd: 0, requests: 0, unpriced: 0 };

/** From the first day of the month to today. AppError forbidden, rate_limited, warehouse_unavailable. */
export async function readMonthCosts(
  ctx: Ctx,
  budgets: readonly Pick<AiBudget, 'scope' | 'subject'>[],
): Promise<MonthCosts> {
  const month = utcMonth(ctx.clock());
  const subjects = budgets.map(subjectKey).sort();
  const { rows, state, readAt, pendingSince } = await countMonthCosts(ctx, {
    from: month,
    to: utcDay(ctx.clock()),
    subjects,
  });
  const costs = new Map(
    rows.map(row => [
      subjectKey(row),
      { bookCostUsd: row.book_cost_usd, requests: row.requests, unpriced: row.unpriced },
    ]),
  );
  return { state, readAt, pendingSince, month, of: budget => costs.get(subjectKey(budget)) ?? nothing };
}

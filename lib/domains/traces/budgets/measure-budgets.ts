/** Measures budgets of AI usage and tells people, once each, that one is used to 80 % or wholly. Source: docs/traces.md, What pages show. */
import { and, asc, eq, inArray } from 'drizzle-orm';
import { customers } from '@/lib/domains/customers/tables';
import { notify, wasTold } from '@/lib/domains/notifications/notify';
import { aboutWords, budgetState } from '@/lib/domains/traces/budgets/budget-view';
import { type MonthCost, type MonthCosts, readMonthCosts } from '@/lib/domains/traces/budgets/month-costs';
import { type AiBudget, aiBudgets } from '@/lib/domains/traces/tables';
import { requireCustomer, systemCtx } from '@/lib/kernel/ctx';
import { type Clock, systemClock } from '@/lib/platform/clock';
import { db, type Tx } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';
import { log } from '@/lib/platform/log';
import { isInPlace } from '@/lib/warehouse/query/rows-age';

type Customer = { customerId: string; tenantDatasetId: string };
type Scope = { clock?: Clock; customers?: string[] };

const customersWithBudgets = (only: string[] | undefined): Promise<Customer[]> =>
  db()
    .selectDistinct({ customerId: customers.customerId, tenantDatasetId: customers.tenantDatasetId })
    .from(aiBudgets)
    .innerJoin(customers, eq(customers.customerId, aiBudgets.customerId))
    .where(only ? inArray(customers.customerId, only) : undefined)
    .orderBy(asc(customers.customerId));

/** Answers whether a message was queued. Who was told that all is spent is not told of 80 % when a price falls. */
async function tell(tx: Tx, budget: AiBudget, cost: MonthCost, month: string, at: Date): Promise<boolean> {
  const state = budgetState(cost.bookCostUsd, budget.amountUsd);
  if (state === 'ok') return false;
  const data = {
    budget_id: budget.budgetId,
    about: aboutWords(budget),
    month,
    spent_usd: cost.bookCostUsd,
    amount_usd: budget.amountUsd,
    unpriced: cost.unpriced,
  };
  const common = { customerId: budget.customerId, data, at };
  if (await wasTold(tx, { ...common, event: 'ai_budget_reached' })) return false;
  const event = state === 'reached' ? 'ai_budget_reached' : 'ai_budget_warning';
  if (await wasTold(tx, { ...common, event })) return false;
  return (await notify(tx, { ...common, event })) > 0;
}

/** Stores what was found of budgets that are still there, and tells; those made meanwhile wait for the next time. */
async function keep(customerId: string, asked: ReadonlySet<string>, costs: MonthCosts, at: Date): Promise<number> {
  return db().transaction(async tx => {
    const own = eq(aiBudgets.customerId, customerId);
    const budgets = await tx.select().from(aiBudgets).where(own).orderBy(asc(aiBudgets.budgetId)).for('update');
    let told = 0;
    for (const budget of budgets.filter(({ budgetId }) => asked.has(budgetId))) {
      const cost = costs.of(budget);
      await tx
        .update(aiBudgets)
        .set({ spentUsd: cost.bookCostUsd, spentMonth: costs.month, measuredAt: costs.readAt })
        .where(and(own, eq(aiBudgets.budgetId, budget.budgetId)));
      if (await tell(tx, budget, cost, costs.month, at)) told++;
    }
    return told;
  });
}

async function measureOne(customer: Customer, clock: Clock): Promise<number> {
  const ctx = requireCustomer(systemCtx('measure-budgets', customer, clock));
  const budgets = await db().select().from(aiBudgets).where(eq(aiBudgets.customerId, customer.customerId));
  const costs = await readMonthCosts(ctx, budgets);
  // Older rows would be kept as if they were of now, and perhaps of a month that is over.
  if (isInPlace(costs.state))
    throw new AppError('warehouse_unavailable', `BigQuery gave no rows of now (${costs.state}).`);
  return keep(customer.customerId, new Set(budgets.map(({ budgetId }) => budgetId)), costs, clock());
}

export type BudgetReport = { customers: number; told: number; failed: number };

/** Measures the budgets of every customer; one that cannot be measured is counted and leaves the others. */
export async function measureBudgets({ clock = systemClock, customers: only }: Scope = {}): Promise<BudgetReport> {
  const report = { customers: 0, told: 0, failed: 0 };
  for (const customer of await customersWithBudgets(only)) {
    try {
      report.told += await measureOne(customer, clock);
      report.customers++;
    } catch (error) {
      report.failed++;
      log().error({ err: error, customer: customer.customerId }, 'budgets of AI usage could not be measured');
    }
  }
  return report;
}

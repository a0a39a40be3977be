/** Budgets of AI usage as callers see them, and what follows from their figures. Pure. */
import { type BudgetScope, budgetMarks } from '@/lib/domains/traces/rules';
import type { AiBudget } from '@/lib/domains/traces/tables';
import { noneName } from '@/lib/domains/traces/usage/usage-filter';
import { utcMonth } from '@/lib/platform/clock';

export type StoredBudget = {
  budget_id: string;
  scope: BudgetScope;
  /** As AI usage names it; '' for all. */
  subject: string;
  /** US dollars of a UTC month. */
  amount_usd: number;
  created_at: Date;
  created_by: string;
  updated_at: Date;
};

export const storedBudget = (budget: AiBudget): StoredBudget => ({
  budget_id: budget.budgetId,
  scope: budget.scope,
  subject: budget.subject,
  amount_usd: budget.amountUsd,
  created_at: budget.createdAt,
  created_by: budget.createdBy,
  updated_at: budget.updatedAt,
});

/** Names what a budget is about in one text. */
export const subjectKey = ({ scope, subject }: Pick<AiBudget, 'scope' | 'subject'>): string => `${scope}:${subject}`;

/** As sentences name it: "all AI usage", "the repository acme/shop", "requests without a repository". */
export function aboutWords({ scope, subject }: Pick<AiBudget, 'scope' | 'subject'>): string {
  if (scope === 'all') return 'all AI usage';
  return subject === noneName ? `requests without a ${scope}` : `the ${scope} ${subject}`;
}

/** Dollars are compared by millionths: sums of binary fractions miss a round amount by less. */
const millionths = (usd: number): number => Math.round(usd * 1_000_000);

export type BudgetState = 'ok' | 'warning' | 'reached';

/** Which mark of the budget so many dollars have come to. */
export function budgetState(spentUsd: number, amountUsd: number): BudgetState {
  const spent = millionths(spentUsd);
  if (spent >= millionths(amountUsd * budgetMarks.reached)) return 'reached';
  return spent >= millionths(amountUsd * budgetMarks.warning) ? 'warning' : 'ok';
}

/** What the UTC month comes to if its rest costs as much a day; null on its first day, which says too little. */
export function atThisPaceUsd(spentUsd: number, now: Date): number | null {
  const begin = Date.parse(`${utcMonth(now)}T00:00:00Z`);
  const end = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1);
  const passedMs = now.getTime() - begin;
  return passedMs < 86_400_000 ? null : (spentUsd * (end - begin)) / passedMs;
}

/** Budgets of AI usage as the pages write them. Pure. */
import { formatDollars } from '@/app/_ui/format';
import { hrefWith } from '@/app/_ui/list-params';
import { nameWords } from '@/app/(portal)/traces/_parts/cost-words';
import { atThisPaceUsd, type BudgetState, type StoredBudget } from '@/lib/domains/traces/budgets/budget-view';
import type { BudgetView } from '@/lib/domains/traces/budgets/list-budgets';
import type { BudgetScope } from '@/lib/domains/traces/rules';

export const budgetsHref = '/traces/budgets';
export const newBudgetHref = `${budgetsHref}/new`;
export const editBudgetHref = (budgetId: string): string => `${budgetsHref}/${encodeURIComponent(budgetId)}`;
export const deleteBudgetHref = (budgetId: string): string => `${editBudgetHref(budgetId)}/delete`;

export const scopeWords: Record<BudgetScope, string> = {
  all: 'All AI usage',
  developer: 'Developer',
  repository: 'Repository',
  model: 'Model',
};

type Named = Pick<StoredBudget, 'scope' | 'subject'>;

/** "mia@example.com", "No repository", "All AI usage". */
export const subjectWords = ({ scope, subject }: Named): string =>
  scope === 'all' ? scopeWords.all : nameWords(scope, subject);

/** AI usage of the same requests and days that the budget counts. */
export const usageHref = ({ scope, subject }: Named, days: { from: string; to: string }): string =>
  hrefWith('/traces', { ...days, ...(scope === 'all' ? {} : { [scope]: subject }) }, {});

/** "$80.20 of $100.00", "at least …" where requests have no price, "not measured" where nothing is known. */
export function spentWords({ spent_usd, amount_usd, unpriced }: BudgetView): string {
  const budget = formatDollars(amount_usd);
  if (spent_usd === null) return `not measured, of ${budget}`;
  return `${unpriced ? 'at least ' : ''}${formatDollars(spent_usd)} of ${budget}`;
}

/** "$310.00" for the whole month, "at least …" as what was spent is; a dash where nothing can be said yet. */
export function paceWords({ spent_usd, unpriced }: BudgetView, now: Date): string {
  const pace = spent_usd === null ? null : atThisPaceUsd(spent_usd, now);
  return pace === null ? '–' : `${unpriced ? 'at least ' : ''}${formatDollars(pace)}`;
}

/** What is well needs no word. */
export const stateWords: Record<BudgetState, string | null> = {
  ok: null,
  warning: 'At least 80 % used',
  reached: 'All used',
};

const doneSentences: Record<string, string> = {
  created: 'The budget is set. It is measured every 15 minutes, and at 80 % and 100 % a message goes out.',
  changed: 'The budget has another amount. At 80 % and 100 % of that a message goes out.',
  deleted: 'The budget was deleted.',
};

/** What was just done, as the address says; undefined where it says nothing that is known. */
export const doneSentence = (done: string | undefined): string | undefined =>
  done !== undefined && Object.hasOwn(doneSentences, done) ? doneSentences[done] : undefined;

import { expect, test } from 'vitest';
import { paceWords, spentWords } from '@/app/(portal)/traces/budgets/_parts/budget-words';
import type { BudgetView } from '@/lib/domains/traces/budgets/list-budgets';

const budget = (change: Partial<BudgetView>): BudgetView => ({
  ...{ budget_id: 'b', scope: 'all', subject: '', amount_usd: 100, spent_usd: 20, unpriced: 0, state: 'ok' },
  ...{ created_at: new Date(0), created_by: 'mia', updated_at: new Date(0) },
  ...change,
});
const now = new Date('2026-11-16T00:00:00Z');

test('where requests have no price, what was spent and what the month comes to both say "at least"', () => {
  expect([spentWords(budget({})), paceWords(budget({}), now)]).toEqual(['$20.00 of $100.00', '$40.00']);
  const some = budget({ unpriced: 71 });
  expect([spentWords(some), paceWords(some, now)]).toEqual(['at least $20.00 of $100.00', 'at least $40.00']);
});

test('a month that has just begun, and one that was not measured, have no pace', () => {
  expect(paceWords(budget({}), new Date('2026-11-01T12:00:00Z'))).toBe('–');
  expect(paceWords(budget({ spent_usd: null, unpriced: null }), now)).toBe('–');
});

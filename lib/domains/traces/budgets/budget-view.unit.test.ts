import { expect, test } from 'vitest';
import { createBudgetInput } from '@/lib/domains/traces/budgets/budget-input';
import { atThisPaceUsd, budgetState } from '@/lib/domains/traces/budgets/budget-view';

test.each([
  [79.99, 100, 'ok'],
  [80, 100, 'warning'],
  [99.99, 100, 'warning'],
  [100, 100, 'reached'],
  [250, 100, 'reached'],
  [0, 0.01, 'ok'],
  [0.008, 0.01, 'warning'],
  // Ten times a dime is less than a dollar in binary fractions.
  [Array.from({ length: 10 }, () => 0.1).reduce((sum, dime) => sum + dime, 0), 1, 'reached'],
] as const)('%d of %d dollars is %s', (spent, amount, state) => expect(budgetState(spent, amount)).toBe(state));

test('the pace of a month takes its rest to cost as much a day, in months of any length, and not on the first day', () => {
  expect(atThisPaceUsd(10, new Date('2031-06-11T00:00:00Z'))).toBeCloseTo(30, 9);
  expect(atThisPaceUsd(10, new Date('2031-02-15T00:00:00Z'))).toBeCloseTo(20, 9);
  expect(atThisPaceUsd(29, new Date('2032-02-29T23:59:59.999Z'))).toBeCloseTo(29, 6);
  expect(atThisPaceUsd(0, new Date('2031-06-11T00:00:00Z'))).toBe(0);
  expect(atThisPaceUsd(10, new Date('2031-06-01T23:59:59Z'))).toBeNull();
});

const problems = (input: object): string[] =>
  createBudgetInput.safeParse(input).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];

test.each([
  [{ scope: 'all', amount_usd: 500 }, []],
  [{ scope: 'model', subject: ' claude-sonnet-4-5 ', amount_usd: 0.01 }, []],
  [{ scope: 'repository', subject: '(none)', amount_usd: 10_000_000 }, []],
  [{ scope: 'all', subject: 'mia', amount_usd: 5 }, ['subject: A budget of all usage names nothing.']],
  [
    { scope: 'developer', subject: ' ', amount_usd: 5 },
    ['subject: Name the developer, repository or model as AI usage shows it.'],
  ],
  [{ scope: 'all', amount_usd: 0 }, ['amount_usd: A budget is at least one cent.']],
  [{ scope: 'all', amount_usd: 0.015 }, ['amount_usd: Write dollars and whole cents.']],
  [{ scope: 'all', amount_usd: 10_000_000.01 }, ['amount_usd: At most $10,000,000.']],
  [{ scope: 'all', amount_usd: '12' }, ['amount_usd: Write dollars, such as 500.']],
  [{ scope: 'team', amount_usd: 5 }, ['scope: Choose what the budget is for.']],
])('%j: %j', (input, said) => expect(problems(input)).toEqual(said));

test('sums of whole cents are taken as they are written', () => {
  for (const amount_usd of [0.29, 1.1, 4.35, 1_234_567.89, 9_999_999.99])
    expect(problems({ scope: 'all', amount_usd })).toEqual([]);
});

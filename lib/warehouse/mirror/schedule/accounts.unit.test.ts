import { expect, test } from 'vitest';
import { Accounts, sharedAccount } from '@/lib/warehouse/mirror/schedule/accounts';

const limits = {
  mergesPerSecond: 30,
  parallelMerges: 128,
  usdPerTenantMonth: 2,
  usdPerMonthAtLeast: 200,
  usdPerTib: 6.25,
};
const lastOfMay = Date.UTC(2026, 5, 1) - 1;

test('an account has less credit the more it has spent, and a new month begins anew, also before Postgres is asked', () => {
  const accounts = new Accounts(limits);
  accounts.refresh({ usdByAccount: new Map([['a', 1.9]]), activeTenants: 1_000 }, lastOfMay);
  expect(accounts.credit('a', lastOfMay)).toBeCloseTo(0, 5);
  expect(accounts.credit('b', lastOfMay)).toBeGreaterThan(10);
  accounts.charged('b', 20);
  expect(accounts.credit('b', lastOfMay)).toBeLessThan(-1);
  expect(accounts.credit('b', lastOfMay + 1)).toBeCloseTo(1, 5);
});

test('the budget of a tenant follows how many report, and the tables that all share have a part of it', () => {
  const accounts = new Accounts(limits);
  const few = { usdByAccount: new Map<string, number>(), activeTenants: 10 };
  accounts.refresh(few, lastOfMay);
  expect([accounts.budgetUsd('a'), accounts.budgetUsd(sharedAccount)]).toEqual([19, 10]);
  accounts.refresh({ ...few, activeTenants: 2_000 }, lastOfMay);
  expect([accounts.budgetUsd('a'), accounts.budgetUsd(sharedAccount)]).toEqual([1.9, 200]);
});

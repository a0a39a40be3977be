import { expect, test } from 'vitest';
import { Accounts } from '@/lib/warehouse/mirror/schedule/accounts';
import { longestIntervalMs } from '@/lib/warehouse/mirror/schedule/flush-policy';
import { FlushSchedule } from '@/lib/warehouse/mirror/schedule/flush-schedule';

const now = Date.UTC(2026, 5, 16);
const gathering = 375;
const limits = {
  mergesPerSecond: 30,
  parallelMerges: 128,
  usdPerTenantMonth: 2,
  usdPerMonthAtLeast: 0,
  usdPerTib: 6.25,
};

/** A schedule in which the customers named have spent so many dollars this month. */
function scheduleWith(spent: Record<string, number> = {}) {
  const accounts = new Accounts(limits);
  accounts.refresh({ usdByAccount: new Map(Object.entries(spent)), activeTenants: 100 }, now);
  return { accounts, schedule: new FlushSchedule(accounts, () => gathering) };
}
const steps = (customerId: string) => ({ mirror: 'tenant.step_logs', customerId });
const change = (customerId: string, more: { oldestAt?: number; rows?: number; first?: boolean } = {}) => ({
  ...steps(customerId),
  oldestAt: now,
  rows: 1,
  first: false,
  ...more,
});
/** The customers whose table is taken at that time, in order. */
function taken(schedule: FlushSchedule, at: number): (string | null)[] {
  const customers: (string | null)[] = [];
  for (let table = schedule.next(at); table; table = schedule.next(at)) customers.push(table.customerId);
  return customers;
}

test('a table is due once commits were gathered, is taken once, and is forgotten when nothing is left', () => {
  const { schedule } = scheduleWith();
  schedule.found(change('a'), now);
  schedule.found(change('a', { oldestAt: now + 100 }), now + 100);
  expect(schedule.nextAt()).toBe(now + gathering);
  expect(taken(schedule, now + gathering - 1)).toEqual([]);
  expect(taken(schedule, now + gathering)).toEqual(['a']);
  expect(taken(schedule, now + 60_000)).toEqual([]);
  schedule.ended(steps('a'), 'nothing', now + 3_000);
  expect(schedule.size).toBe(0);
  expect(schedule.nextAt()).toBeUndefined();
});

test('what came during a flush is due by its own age', () => {
  const { schedule } = scheduleWith();
  schedule.found(change('a'), now);
  expect(taken(schedule, now + gathering)).toEqual(['a']);
  schedule.found(change('a', { oldestAt: now + 1_000 }), now + 1_000);
  expect(taken(schedule, now + 10_000)).toEqual([]);
  schedule.ended(steps('a'), { oldestAt: now + 3_000, rows: 1 }, now + 3_000);
  expect(taken(schedule, now + 3_000 + gathering)).toEqual(['a']);
});

test('the table whose time came first goes first, and one in debt waits its longer interval', () => {
  const { schedule } = scheduleWith({ debtor: 100 });
  schedule.found(change('late', { oldestAt: now }), now);
  schedule.found(change('later', { oldestAt: now + 500 }), now + 500);
  schedule.found(change('debtor', { oldestAt: now - 60_000 }), now + 500);
  expect(taken(schedule, now + 60_000)).toEqual(['late', 'later']);
  expect(taken(schedule, now + longestIntervalMs - 60_000)).toEqual(['debtor']);
});

test('a person’s change goes before all others at once, also where the tenant is in debt or the table waits already', () => {
  const { schedule } = scheduleWith({ debtor: 100 });
  schedule.found(change('late', { oldestAt: now - 5_000 }), now);
  schedule.found(change('debtor', { oldestAt: now - 60_000 }), now);
  schedule.found(change('debtor', { first: true }), now);
  expect(taken(schedule, now)).toEqual(['debtor', 'late']);
});

test('a person’s change that comes during a flush is due at its end', () => {
  const { schedule } = scheduleWith({ debtor: 100 });
  schedule.found(change('debtor', { oldestAt: now - longestIntervalMs }), now);
  expect(taken(schedule, now)).toEqual(['debtor']);
  schedule.found(change('debtor', { first: true }), now + 100);
  schedule.ended(steps('debtor'), { oldestAt: now + 100, rows: 1 }, now + 3_000);
  expect(taken(schedule, now + 3_000)).toEqual(['debtor']);
});

test('a batch that is full does not wait for the budget', () => {
  const { schedule } = scheduleWith({ debtor: 100 });
  schedule.found(change('debtor', { rows: 300 }), now);
  expect(taken(schedule, now + 1_000)).toEqual([]);
  schedule.found(change('debtor', { rows: 200 }), now + 1_000);
  expect(taken(schedule, now + 1_000)).toEqual(['debtor']);
});

test('what is left of a backlog goes after those who waited while it was flushed', () => {
  const { schedule } = scheduleWith();
  schedule.found(change('busy', { rows: 5_000 }), now);
  schedule.found(change('quiet', { oldestAt: now + 1_000 }), now + 1_000);
  expect(schedule.next(now + 1_000)?.customerId).toBe('busy');
  schedule.ended(steps('busy'), { oldestAt: now, rows: 4_000 }, now + 3_000);
  expect(taken(schedule, now + 3_000)).toEqual(['quiet', 'busy']);
});

test('a table that could not be written is not tried before its time, and holds up nobody', () => {
  const { schedule } = scheduleWith();
  schedule.found(change('a'), now);
  schedule.found(change('b', { oldestAt: now + 1 }), now);
  expect(taken(schedule, now + gathering)).toEqual(['a']);
  schedule.ended(steps('a'), 'unchanged', now + gathering, now + 30_000);
  expect(taken(schedule, now + 29_999)).toEqual(['b']);
  expect(taken(schedule, now + 30_000)).toEqual(['a']);
});

test('an account that is charged meanwhile makes its waiting tables wait longer', () => {
  const { accounts, schedule } = scheduleWith();
  schedule.found(change('a'), now);
  accounts.charged('a', 100);
  expect(taken(schedule, now + gathering)).toEqual([]);
  expect(taken(schedule, now + longestIntervalMs)).toEqual(['a']);
});

test('what is deferred is told by its reason, and waiting for the budget is not being late', () => {
  const { schedule } = scheduleWith({ debtor: 100 });
  for (const customer of ['due', 'debtor', 'failed', 'running']) schedule.found(change(customer), now);
  expect(schedule.deferred(now)).toEqual({ gathering: 3, budget: 1, rate: 0, retry: 0 });
  const at = now + gathering;
  expect(taken(schedule, at)).toHaveLength(3);
  schedule.ended(steps('due'), 'unchanged', at);
  schedule.ended(steps('failed'), 'unchanged', at, at + 30_000);
  expect(schedule.deferred(at + 1)).toEqual({ gathering: 0, budget: 1, rate: 1, retry: 1 });
  expect(schedule.lateMs(at)).toBe(0);
  expect(schedule.lateMs(at + 5_000)).toBe(5_000);
});

test('memory follows what waits: 100,000 tables that came and went leave nothing', () => {
  const { schedule } = scheduleWith();
  for (let index = 0; index < 100_000; index++) {
    const at = now + index * 100;
    schedule.found(change(`c${index}`, { oldestAt: at }), at);
    for (let table = schedule.next(at); table; table = schedule.next(at)) schedule.ended(table, 'nothing', at);
  }
  expect(schedule.size).toBeLessThan(10);
});

/** What the mirror costs and which tables wait for the budget, for the command line and /metrics. */
import type pg from 'pg';
import { pool } from '@/lib/platform/db';
import { Accounts, type Spent, sharedAccount } from '@/lib/warehouse/mirror/schedule/accounts';
import { intervalMs } from '@/lib/warehouse/mirror/schedule/flush-policy';
import { mirrorLimits } from '@/lib/warehouse/mirror/schedule/limits';
import { readSpent } from '@/lib/warehouse/mirror/schedule/spend';
import { waitingTables } from '@/lib/warehouse/mirror/store';

/** A MERGE of the service is taken for granted here: what one takes is known by the relay alone. */
const gatheringMs = 375;

type Account = { customerId: string; spentUsd: number; budgetUsd: number; intervalSeconds: number };
export type BudgetStatus = {
  /** Of this UTC month, all accounts together, at list price. */
  spentUsd: number;
  budgetUsd: number;
  activeTenants: number;
  /** Accounts that have spent more than their course, those with the longest interval first; '' is that of all together. */
  overCourse: Account[];
};
export type DeferredTable = { mirror: string; customerId: string; waitingSeconds: number; intervalSeconds: number };

const asked = {
  query: async <Row extends pg.QueryResultRow>(sql: string, values?: unknown[]) =>
    (await pool().query<Row>(sql, values)).rows,
};

async function accountsNow(): Promise<{ accounts: Accounts; spent: Spent; now: number }> {
  const limits = mirrorLimits();
  const now = Date.now();
  const accounts = new Accounts(limits);
  const spent = await readSpent(asked, limits.usdPerTib);
  accounts.refresh(spent, now);
  return { accounts, spent, now };
}

const intervalSeconds = (accounts: Accounts, account: string, now: number) =>
  intervalMs(accounts.credit(account, now), gatheringMs) / 1_000;

/** One statement over a row a tenant. */
export async function mirrorBudget(): Promise<BudgetStatus> {
  const { accounts, spent, now } = await accountsNow();
  const known = [...spent.usdByAccount].map(([customerId, spentUsd]) => ({
    customerId,
    spentUsd,
    budgetUsd: accounts.budgetUsd(customerId),
    credit: accounts.credit(customerId, now),
    intervalSeconds: intervalSeconds(accounts, customerId, now),
  }));
  const tenants = Math.max(1, spent.activeTenants);
  return {
    spentUsd: known.reduce((sum, { spentUsd }) => sum + spentUsd, 0),
    budgetUsd: accounts.budgetUsd(sharedAccount) + tenants * accounts.budgetUsd('any tenant'),
    activeTenants: spent.activeTenants,
    overCourse: known
      .filter(({ credit }) => credit < 0)
      .sort((a, b) => b.intervalSeconds - a.intervalSeconds)
      .map(({ credit: _, ...account }) => account),
  };
}

/** Tables of these mirrors whose changes wait because their tenant has little credit, the longest interval first. */
export async function deferredTables(mirrors: string[]): Promise<DeferredTable[]> {
  const { accounts, now } = await accountsNow();
  const deferred: DeferredTable[] = [];
  for (const { mirror, customerId, oldestAt } of await waitingTables(asked, mirrors)) {
    // A table that all share waits for no single customer.
    if (customerId === null || !mirror.startsWith('tenant.')) continue;
    const interval = intervalSeconds(accounts, customerId, now);
    const waitingSeconds = (now - oldestAt.getTime()) / 1_000;
    if (waitingSeconds < interval && interval * 1_000 > 2 * gatheringMs) {
      deferred.push({ mirror, customerId, waitingSeconds, intervalSeconds: interval });
    }
  }
  return deferred.sort((a, b) => b.intervalSeconds - a.intervalSeconds);
}

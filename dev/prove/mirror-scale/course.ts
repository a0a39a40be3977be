/** What each account has spent by the middle of a month, if all its days were like the one that is simulated. */
import type { Load } from '@/dev/prove/mirror-scale/arrivals';
import { leastBilledBytes } from '@/lib/platform/bigquery/bigquery-job';
import { sharedAccount } from '@/lib/warehouse/mirror/schedule/accounts';
import {
  budgetsUsd,
  creditOf,
  gatherMs,
  intervalMs,
  type MirrorLimits,
  usdOf,
} from '@/lib/warehouse/mirror/schedule/flush-policy';

const dayMs = 86_400_000;
const mergeMs = 3_000;
/** A month's budget is spent in so many days, three of which are the credit that the month begins with. */
const daysOfMonth = 33;

/** Credit that a tenant has settled at, by the runs it makes a day. */
export type SettledCredits = Map<number, number>;

export const runsOf = (load: Load, tenant: number): number => load.runsPerDay[tenant % load.runsPerDay.length] ?? 0;

/** What to have spent of a budget at `now` so that the credit is this; never less than nothing. */
function spentFor(budgetUsd: number, credit: number, now: number): number {
  const none = creditOf({ budgetUsd, spentUsd: 0 }, now);
  const perUsd = none - creditOf({ budgetUsd, spentUsd: 1 }, now);
  return Math.max(0, (none - credit) / perUsd);
}

/** The credit at which the usage, which each run changes twice, costs a day a day's part of the budget. */
function sharedCredit(load: Load, budgetUsd: number, limits: MirrorLimits): number {
  const tenants = Array.from({ length: load.tenants }, (_, tenant) => tenant);
  const changes = tenants.reduce((sum, tenant) => sum + 2 * runsOf(load, tenant), 0);
  const merges = budgetUsd / daysOfMonth / usdOf(leastBilledBytes, limits.usdPerTib);
  const wantedMs = dayMs / merges - dayMs / changes - mergeMs;
  let [low, high] = [0, 1];
  for (let step = 0; step < 30; step++) {
    const middle = (low + high) / 2;
    if (intervalMs(middle, gatherMs(mergeMs)) > wantedMs) low = middle;
    else high = middle;
  }
  return high;
}

/** Dollars spent by account at `now`. Tenants that report nothing have no account. */
export function startingSpend(
  load: Load,
  credits: SettledCredits,
  limits: MirrorLimits,
  now: number,
): Map<string, number> {
  const active = Array.from({ length: load.tenants }, (_, tenant) => tenant).filter(tenant => runsOf(load, tenant) > 0);
  const budgets = budgetsUsd(limits, active.length);
  const spent = new Map<string, number>();
  for (const tenant of active) {
    spent.set(`tenant-${tenant}`, spentFor(budgets.tenant, credits.get(runsOf(load, tenant)) ?? 1, now));
  }
  return spent.set(sharedAccount, spentFor(budgets.shared, sharedCredit(load, budgets.shared, limits), now));
}

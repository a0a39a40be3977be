/**
 * When a table of the mirror is flushed: the policy, without a clock and without a store, so that the relay and
 * `npm run prove -- mirror-scale` follow the same rules. Source: docs/scale.md.
 *
 * A table is due once its oldest waiting change is as old as the table's interval. A table with nothing waiting is never
 * due and costs nothing. The interval comes from the account that pays: the tenant's, or the one shared by all tables of
 * the dataset `customers`.
 *
 * - While the account has credit left, the interval is only the time in which commits are gathered: an eighth of what a
 *   MERGE takes, because a change that comes during a MERGE waits for its end.
 * - As the credit runs out, the interval grows, first by much and then by little, to 5 minutes without any credit, and to
 *   15 minutes in debt: batches grow, MERGEs become fewer. Longer than that nothing waits for the budget.
 * - A person's own change is due at once and goes before all others. A full batch (500 rows) is due at once too, since
 *   waiting would save nothing.
 *
 * Where more is due than MERGEs a second and at a time allow, the table whose time came first goes first. So the waits
 * of all grow alike, and each MERGE carries more.
 */

export type MirrorLimits = {
  /** Of all workers together. */
  mergesPerSecond: number;
  parallelMerges: number;
  /** What a tenant's tables may cost a month. */
  usdPerTenantMonth: number;
  /** What the whole mirror may cost a month in any case, however few tenants share it. */
  usdPerMonthAtLeast: number;
  usdPerTib: number;
};

/** Nothing waits longer for the budget than this. */
export const longestIntervalMs = 15 * 60_000;
/** The interval of an account that has spent exactly its course. */
const evenIntervalMs = 5 * 60_000;
/** Credit of so many days' budget is full credit, and as much debt is full debt: long enough to spread a day's peak. */
const fullCreditDays = 3;
/** Part of the budget that pays for the tables of the dataset `customers`, which all tenants share. */
const sharedPart = 0.05;
const shortestGatherMs = 15;
const longestGatherMs = 500;
/** More rows than this do not fit into one MERGE. */
export const fullBatchRows = 500;

/** MERGEs a second that one worker sends at most: two requests each, and the service takes 100 a second and user. */
export const mostMergesPerWorker = 45;

const dayMs = 86_400_000;
const tib = 1024 ** 4;

/** Dollars that bytes billed cost at the list price. */
export const usdOf = (bytesBilled: number, usdPerTib: number): number => (bytesBilled / tib) * usdPerTib;

/** How long commits are gathered before a MERGE, by what a MERGE takes at present (ms). */
export const gatherMs = (mergeMs: number): number =>
  Math.min(longestGatherMs, Math.max(shortestGatherMs, Math.round(mergeMs / 8)));

/**
 * Dollars a month of each account, by how many tenants reported in the last days. Few tenants share the amount that
 * is allowed in any case; many have their own. The sum is never more than the larger of both.
 */
export function budgetsUsd(limits: MirrorLimits, activeTenants: number): { tenant: number; shared: number } {
  const tenants = Math.max(1, activeTenants);
  const each = Math.max(limits.usdPerTenantMonth, limits.usdPerMonthAtLeast / tenants);
  return { tenant: each * (1 - sharedPart), shared: each * tenants * sharedPart };
}

/** Milliseconds of the UTC month that have passed at `now`, and all of them. */
function monthOf(now: number): { passedMs: number; allMs: number } {
  const date = new Date(now);
  const start = Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
  return { passedMs: now - start, allMs: Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1) - start };
}

/**
 * What an account has left of the month's course, as a part of full credit: 1 and more is full, 0 is exactly on course, -1
 * is full debt. A month begins with full credit, and its course ends at the budget.
 */
export function creditOf(account: { budgetUsd: number; spentUsd: number }, now: number): number {
  const { passedMs, allMs } = monthOf(now);
  const full = fullCreditDays * dayMs;
  const perMs = account.budgetUsd / (allMs + full);
  return (perMs * (passedMs + full) - account.spentUsd) / (perMs * full);
}

/** How old the oldest waiting change of a table gets before the table is flushed, in ms. */
export function intervalMs(credit: number, gatheringMs: number): number {
  if (!(credit < 1)) return gatheringMs;
  // By the square, because who uses all of a budget has little credit: there a day's ups and downs should change little.
  if (credit >= 0) return gatheringMs * (evenIntervalMs / gatheringMs) ** (1 - credit ** 2);
  return evenIntervalMs * (longestIntervalMs / evenIntervalMs) ** Math.min(1, -credit);
}

export type Waiting = {
  /** When the oldest waiting change was committed (ms since the epoch). */
  oldestAt: number;
  rows: number;
  /** A person made one of the changes and may be looking. */
  first: boolean;
};

/**
 * When a table is due (ms since the epoch); of two that are due the smaller one goes first. A person's change counts as
 * one that has waited for the longest interval already.
 */
export function dueAt(waiting: Waiting, credit: number, gatheringMs: number): number {
  if (waiting.first) return waiting.oldestAt - longestIntervalMs;
  if (waiting.rows >= fullBatchRows) return waiting.oldestAt;
  return waiting.oldestAt + intervalMs(credit, gatheringMs);
}

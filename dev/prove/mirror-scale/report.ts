/** The figures as docs/scale.md has them, and whether what is promised held. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Load } from '@/dev/prove/mirror-scale/arrivals';
import { runsOf } from '@/dev/prove/mirror-scale/course';
import type { RealFigures } from '@/dev/prove/mirror-scale/real-relay';
import type { DayFigures } from '@/dev/prove/mirror-scale/simulate';
import { check } from '@/dev/prove/report';

const page = 'docs/scale.md';
const begin = '<!-- made by `npm run prove -- mirror-scale` -->';
const end = '<!-- end of what is made -->';
const daysOfMonth = 30;
/** Heap that a rise is not worth a word: collections are never at the same point. */
const levelMb = 10;

export type Promised = { p95Ms?: number; usdPerTenant?: number; costsNothing?: boolean };

const duration = (ms: number) =>
  Number.isNaN(ms) ? '–' : ms < 10_000 ? `${(ms / 1_000).toFixed(1)} s` : `${Math.round(ms / 1_000)} s`;
const thousands = (count: number) => count.toLocaleString('en-US');
const usd = (amount: number) => `$${amount.toFixed(2)}`;

/** Dollars of a month: of all, of a tenant on average, and of one that makes the most runs, each with its share of what all share. */
function monthly({ usdByAccount }: DayFigures, load: Load) {
  const ofMonth = (account: string) => (usdByAccount.get(account) ?? 0) * daysOfMonth;
  const mostRuns = Math.max(...load.runsPerDay);
  const tenants = Array.from({ length: load.tenants }, (_, tenant) => tenant);
  const busiest = tenants.filter(tenant => runsOf(load, tenant) === mostRuns);
  const sumOf = (some: number[]) => some.reduce((sum, tenant) => sum + ofMonth(`tenant-${tenant}`), 0);
  const shared = ofMonth('') / load.tenants;
  const average = sumOf(tenants) / load.tenants + shared;
  return { average, busiest: sumOf(busiest) / busiest.length + shared, all: average * load.tenants };
}

const heapRange = (heapMb: { mb: number }[]) => {
  const all = heapMb.map(({ mb }) => mb);
  return `${Math.round(Math.min(...all))}–${Math.round(Math.max(...all))} MB`;
};

export function dayLine(figures: DayFigures, load: Load): string {
  const { average, busiest, all } = monthly(figures, load);
  const { lags, personsLags, limits } = figures;
  return `| ${[
    figures.name,
    thousands(figures.rows),
    thousands(figures.merges),
    duration(lags.percentile(0.5)),
    duration(lags.percentile(0.95)),
    duration(lags.mostMs),
    duration(personsLags.percentile(0.95)),
    usd(average),
    usd(busiest),
    usd(all),
    `${limits.most.requests} / ${limits.most.dml} / ${limits.most.running}`,
    thousands(figures.mostWaitingTables),
    heapRange(figures.heapMb),
  ].join(' | ')} |`;
}

export const dayHead = [
  '| Scenario | Rows a day | MERGEs a day | Lag p50 | p95 | Most | A person’s p95 | $ a tenant and month | The same of the busiest third | All | Most requests in 1 s / DML of a table in 10 s / running | Tables waiting at most | Heap |',
  '|---|---|---|---|---|---|---|---|---|---|---|---|---|',
].join('\n');

/** Prints whether the day held to what is promised. */
export function checkDay(figures: DayFigures, load: Load, promised: Promised): void {
  const { name, lags, limits, heapMb, merges } = figures;
  check(
    limits.passed.length === 0,
    `${name}: no limit of the service was passed ${limits.passed.slice(0, 3).join('; ')}`,
  );
  const rise = (heapMb.at(-1)?.mb ?? 0) - Math.min(...heapMb.slice(0, 6).map(({ mb }) => mb));
  check(rise < levelMb, `${name}: memory is level (${rise.toFixed(1)} MB more at the end than in the first hours)`);
  if (promised.p95Ms) check(lags.percentile(0.95) <= promised.p95Ms, `${name}: lag p95 ≤ ${promised.p95Ms / 1_000} s`);
  if (promised.usdPerTenant) {
    const { busiest } = monthly(figures, load);
    check(
      busiest <= promised.usdPerTenant,
      `${name}: also the busiest tenants cost at most ${usd(promised.usdPerTenant)} a month`,
    );
  }
  if (promised.costsNothing) check(merges === 0 && limits.requests === 0, `${name}: no request, no cost`);
}

export function realLine({ heapMb, limits, ...figures }: RealFigures): string {
  return [
    `${figures.tenants} tenants reported for ${figures.seconds} s as fast as ${thousands(figures.calls)} calls, with all credit there is, so that the`,
    `limits alone held the relay back: ${thousands(figures.merges)} MERGEs, at most ${limits.most.requests} requests in a second, ${limits.most.dml} DML statements of a`,
    `table in 10 s, ${limits.most.running} running a table, ${limits.most.parallel} in parallel; ${thousands(figures.mostWaitingRows)} rows waited at most, all were sent`,
    `${Math.round(figures.drainedSeconds)} s after the last report. Heap in use, every 10 s: ${heapMb.map(mb => Math.round(mb)).join(', ')} MB.`,
  ].join('\n');
}

/** Prints whether the relay held to what is promised. */
export function checkReal({ limits, heapMb, merges }: RealFigures): void {
  check(limits.passed.length === 0, `the real relay: no limit was passed ${limits.passed.slice(0, 3).join('; ')}`);
  check(merges > 1_000 && limits.most.running === 1, 'the real relay: it wrote, one MERGE at a time a table');
  const rise = (heapMb.at(-1) ?? 0) - (heapMb[1] ?? 0);
  check(rise < levelMb, `the real relay: memory is level (${rise.toFixed(1)} MB more after a minute than after 20 s)`);
}

/** Puts the figures into the page, in the place of the last ones. */
export function writePage(days: string[], real: string): void {
  const text = readFileSync(page, 'utf8');
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`${page} has no place for the figures`);
  writeFileSync(page, `${before}${begin}\n\n${dayHead}\n${days.join('\n')}\n\n${real}\n\n${end}${after}`);
}

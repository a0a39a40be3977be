/** A UTC day of the loader on a clock of its own: which tables are loaded when, what that costs, and how long rows waited. */
import { currentRate, lateness, rateAfter } from '@/lib/warehouse/ingest/load/due';
import { intervals, jobsPerSecond } from '@/lib/warehouse/ingest/load/intervals';

export type DayOptions = {
  customers: number;
  tablesEach: number;
  /** Rows a day of all customers together. */
  rowsPerDay: number;
  jobsPerDay: number;
  intervalSeconds: number;
  /** Part of the loads that fail and are sent again. */
  failing: number;
  /** Minutes from 12:00 on in which BigQuery takes nothing. */
  outageMinutes: number;
  random: () => number;
};

export type Load = { atMs: number; rowsPerHour: number; waitedSeconds: number; rows: number };
export type Day = { jobs: number; loads: Load[] };

type Table = {
  key: string;
  /** True rate in rows an hour, averaged over the day. */
  rate: number;
  firstSeenAt: Date;
  rowsPerHour: number;
  lastLoadedAt: Date | null;
  /** When the first row that waits came; the next one when none waits. */
  oldestMs: number;
  runningUntilMs: number;
  intervalSeconds: number;
};

const dayMs = 86_400_000;
const tickMs = 10_000;
const renewMs = 900_000;
/** What a load job takes, and how many all workers together have under way. */
const jobMs = 4_000;
const atOnce = 16;

/** A customer of rank r sends 1/r of the first one's rows, and each of its tables half of the one before. */
function makeTables({ customers, tablesEach, rowsPerDay, intervalSeconds }: DayOptions): Table[] {
  const weights: { key: string; weight: number }[] = [];
  for (let customer = 0; customer < customers; customer++) {
    for (let table = 0; table < tablesEach; table++)
      weights.push({ key: `${customer}.${table}`, weight: 1 / (customer + 1) / 2 ** table });
  }
  const sum = weights.reduce((total, { weight }) => total + weight, 0);
  return weights.map(({ key, weight }) => ({
    key,
    rate: (weight / sum) * (rowsPerDay / 24),
    firstSeenAt: new Date(0),
    rowsPerHour: 0,
    lastLoadedAt: null,
    oldestMs: 0,
    runningUntilMs: 0,
    intervalSeconds,
  }));
}

/** Traffic by the hour: twice the average at noon, next to nothing at midnight. */
const tide = (ms: number) => 1 - 0.95 * Math.cos((2 * Math.PI * (ms % dayMs)) / dayMs);
const ratePerMs = ({ rate }: Table, ms: number) => (rate * tide(ms)) / 3_600_000;

/** Rows that came from `from` to `to`. */
function rowsBetween(table: Table, from: number, to: number): number {
  return Math.max(1, Math.round(ratePerMs(table, (from + to) / 2) * (to - from)));
}

const nextArrival = (table: Table, ms: number, random: () => number) =>
  ms - Math.log(1 - random()) / Math.max(ratePerMs(table, ms), 1e-12);

/** Simulates the day from midnight; `Load`s are those that took effect. */
export function simulateDay(options: DayOptions): Day {
  const { jobsPerDay, intervalSeconds, failing, outageMinutes, random } = options;
  const tables = makeTables(options);
  for (const table of tables) table.oldestMs = nextArrival(table, 0, random);
  const day: Day = { jobs: 0, loads: [] };
  const limits = { rows: 50_000, bytes: Number.MAX_SAFE_INTEGER, intervalSeconds };
  let running: Table[] = [];
  for (let ms = 0; ms < dayMs; ms += tickMs) {
    const now = new Date(ms);
    const inOutage = ms >= dayMs / 2 && ms < dayMs / 2 + outageMinutes * 60_000;
    if (ms % renewMs === 0) {
      const known = tables.filter(table => table.lastLoadedAt !== null);
      const rates = known.map(table => ({ key: table.key, rowsPerHour: currentRate(table, now) }));
      const allowed = jobsPerSecond({ now, jobsPerDay, spent: day.jobs });
      const seconds = intervals(rates, { jobsPerSecond: allowed, leastSeconds: intervalSeconds, mostSeconds: 3_600 });
      for (const table of known) table.intervalSeconds = seconds.get(table.key) ?? intervalSeconds;
    }
    running = running.filter(table => table.runningUntilMs > ms);
    const due: { table: Table; late: number }[] = [];
    for (const table of tables) {
      if (table.oldestMs > ms || table.runningUntilMs > ms) continue;
      const ageMs = ms - table.oldestMs;
      // Most tables are neither old nor can be full (at most twice the average comes), and there are millions of looks.
      const isYoung = ageMs < table.intervalSeconds * 1_000;
      if (isYoung && (2 * table.rate * ageMs) / 3_600_000 < limits.rows) continue;
      const rows = rowsBetween(table, table.oldestMs, ms);
      if (isYoung && rows < limits.rows) continue;
      const { lastLoadedAt, oldestMs } = table;
      const waiting = { lastLoadedAt, blockedUntil: null, oldestAt: new Date(oldestMs), rows, bytes: 0 };
      const late = lateness(waiting, now, table.intervalSeconds, limits);
      if (late >= 1) due.push({ table, late });
    }
    due.sort((one, other) => other.late - one.late);
    if (inOutage) continue;
    // Slots free up within a tick, as a job is shorter than it.
    for (const { table } of due.slice(0, Math.floor((atOnce * tickMs) / jobMs) - running.length)) {
      if (day.jobs >= jobsPerDay) break;
      day.jobs++;
      table.runningUntilMs = ms + jobMs;
      running.push(table);
      if (random() < failing) continue;
      const rows = rowsBetween(table, table.oldestMs, ms);
      const waitedSeconds = (ms + jobMs - table.oldestMs) / 1_000;
      day.loads.push({ atMs: ms, rowsPerHour: table.rate, waitedSeconds, rows });
      table.rowsPerHour = rateAfter(table, rows, now);
      table.lastLoadedAt = now;
      table.oldestMs = nextArrival(table, ms, random);
    }
  }
  return day;
}

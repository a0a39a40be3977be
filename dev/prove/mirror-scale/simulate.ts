/**
 * A day of the mirror on a virtual clock. Real are the policy, the schedule, the accounts, the loop that runs them and the
 * way a job is sent (runJob); modelled are Postgres (outbox, spend, turns) and the warehouse.
 */
import type { BigQuery } from '@google-cloud/bigquery';
import { Warehouse } from '@/dev/doubles/warehouse/warehouse';
import { Arrivals, type Load } from '@/dev/prove/mirror-scale/arrivals';
import { runsOf, type SettledCredits, startingSpend } from '@/dev/prove/mirror-scale/course';
import { usedHeapMb } from '@/dev/prove/mirror-scale/heap';
import { Lags } from '@/dev/prove/mirror-scale/lags';
import { ModelledOutbox, type Waiting } from '@/dev/prove/mirror-scale/modelled-outbox';
import { VirtualClock } from '@/dev/prove/mirror-scale/virtual-clock';
import { seededRandom } from '@/dev/seed/random';
import { runJob } from '@/lib/platform/bigquery/bigquery-job';
import { sharedAccount } from '@/lib/warehouse/mirror/schedule/accounts';
import { fullBatchRows, type MirrorLimits, usdOf } from '@/lib/warehouse/mirror/schedule/flush-policy';
import { type Flushed, FlushPump } from '@/lib/warehouse/mirror/schedule/flush-pump';
import { type TableName, tableKey } from '@/lib/warehouse/mirror/schedule/flush-schedule';

/** A stretch of time that is simulated; figures are taken of the last day of it. */
export type Scenario = { name: string; load: Load; limits: MirrorLimits; credits: SettledCredits; from: number };

export type DayFigures = {
  name: string;
  commits: number;
  rows: number;
  merges: number;
  lags: Lags;
  personsLags: Lags;
  /** Dollars by account of the measured day. */
  usdByAccount: Map<string, number>;
  mostWaitingTables: number;
  mostWaitingRows: number;
  heapMb: { afterHours: number; mb: number }[];
  limits: Warehouse['limits'];
  tookSeconds: number;
};

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** The middle of a month of 30 days. */
const measuredDay = Date.UTC(2026, 5, 16);
/** Simulated before it, so that it begins as days do. */
const warmUpMs = 3 * hourMs;
/** A small fleet of the same load runs for so long, to learn the credit that its tenants settle at. */
const settling = { tenants: 12, days: 8, firstCredit: 0.3 };
/** What the statements of Postgres around a MERGE take, beside it. */
const aroundMergeMs = 10;
const tablePaceMs = 400;
/** Bytes of a row in BigQuery, rather more than less. */
const rowBytes = 500;

class Simulation {
  readonly clock: VirtualClock;
  readonly outbox = new ModelledOutbox();
  readonly warehouse: Warehouse;
  readonly pump: FlushPump;
  readonly figures: DayFigures;
  readonly #spent: Map<string, number>;
  readonly #rowsOfDay = new Map<string, number>();
  readonly #sentAt = new Map<string, number>();
  readonly #client: BigQuery;
  #mergeMs = 0;
  #jobs = 0;

  constructor(private readonly scenario: Scenario) {
    const { name, load, limits, credits, from } = scenario;
    const clock = new VirtualClock(Math.floor(from / dayMs) * dayMs);
    this.clock = clock;
    const draw = seededRandom(7).next;
    this.warehouse = new Warehouse({
      now: clock.now,
      sleep: clock.sleep,
      durationMs: () => Warehouse.serviceMs(draw),
      bytesOf: table => (this.#rowsOfDay.get(table) ?? 0) * rowBytes,
    });
    this.#client = clientOf(this.warehouse);
    this.#spent = startingSpend(load, credits, limits, from);
    const activeTenants = this.#spent.size - 1;
    this.pump = new FlushPump(
      {
        time: clock,
        look: async what => this.outbox.look(what),
        spent: async () => ({ usdByAccount: new Map(this.#spent), activeTenants }),
        flush: table => this.#flush(table),
        mergeMs: () => this.#mergeMs,
      },
      limits,
    );
    this.figures = {
      name,
      commits: 0,
      rows: 0,
      merges: 0,
      lags: new Lags(),
      personsLags: new Lags(),
      usdByAccount: new Map(),
      mostWaitingTables: 0,
      mostWaitingRows: 0,
      heapMb: [],
      limits: this.warehouse.limits,
      tookSeconds: 0,
    };
  }

  get #measuring(): boolean {
    return this.clock.now() >= measuredDay;
  }

  commit = (table: TableName, rows: number, key: string, first = false): void => {
    // What happens before the relay starts is of no interest here.
    if (this.clock.now() < this.scenario.from) return;
    this.outbox.add(table, { at: this.clock.now(), rows, key, first });
    this.pump.changed(first ? [table] : []);
    if (!this.#measuring) return;
    this.figures.commits++;
    this.figures.rows += rows;
  };

  async #flush(table: TableName): Promise<Flushed> {
    const limit = (table.customerId === null ? 4 : 2) * fullBatchRows;
    await this.clock.sleep(aroundMergeMs / 2);
    let left: Waiting | undefined;
    const taken = this.outbox.take(table, limit);
    for (let changes = taken; changes.length > 0; ) {
      const { part, rest } = firstPart(changes);
      await this.#merge(table, part);
      left = this.outbox.remove(table, part.length);
      changes = rest;
    }
    return { left: left ? { oldestAt: left.at, rows: left.rows } : 'nothing' };
  }

  async #merge(table: TableName, part: Waiting[]): Promise<void> {
    const { clock, figures } = this;
    const name = tableKey(table).replaceAll(/[^a-z0-9_]/g, '_');
    const dataTable = `${table.customerId ?? 'customers'}.${table.mirror.split('.')[1]}`;
    await clock.sleep((this.#sentAt.get(name) ?? 0) + tablePaceMs - clock.now());
    this.#sentAt.set(name, clock.now());
    const began = clock.now();
    const sql = `MERGE \`${dataTable}\` T`;
    const { bytesBilled } = await runJob({ jobId: `job_${this.#jobs++}`, name: 'simulation', sql }, this.#client);
    this.#mergeMs += 0.1 * (clock.now() - began - this.#mergeMs);
    await clock.sleep(aroundMergeMs / 2);
    const account = table.customerId ?? sharedAccount;
    const usd = usdOf(bytesBilled, this.scenario.limits.usdPerTib);
    this.#spent.set(account, (this.#spent.get(account) ?? 0) + usd);
    this.pump.accounts.charged(account, this.#spent.get(account) ?? 0);
    const keys = new Set(part.map(({ key }) => key));
    this.#rowsOfDay.set(dataTable, (this.#rowsOfDay.get(dataTable) ?? 0) + keys.size);
    if (!this.#measuring) return;
    figures.merges++;
    figures.usdByAccount.set(account, (figures.usdByAccount.get(account) ?? 0) + usd);
    for (const { at, rows, first } of part) (first ? figures.personsLags : figures.lags).add(clock.now() - at, rows);
  }

  /** Once an hour: a new day's partitions, what is held, and what the heap is. */
  #eachHour(hour: number): void {
    if (hour === 0) this.#rowsOfDay.clear();
    const now = this.clock.now();
    for (const [name, at] of this.#sentAt) if (at < now - tablePaceMs) this.#sentAt.delete(name);
    if (this.#measuring) this.figures.heapMb.push({ afterHours: hour, mb: usedHeapMb() });
  }

  /** Starts the relay at `from` and lets time pass until `until`; then the relay finishes what it has begun. */
  async run(until: number): Promise<DayFigures> {
    const began = performance.now();
    const { clock, figures, scenario } = this;
    const arrivals = new Arrivals(clock, scenario.load, this.commit);
    const stop = new AbortController();
    let running: Promise<void> | undefined;
    for (let at = clock.now(); at < until; at += hourMs) {
      if (at % dayMs === 0) arrivals.planDay(at);
      if (at >= scenario.from) running ??= this.pump.run(stop.signal);
      this.#eachHour((at % dayMs) / hourMs);
      for (let minute = 0; minute < 60; minute++) {
        await clock.runUntil(at + (minute + 1) * 60_000);
        figures.mostWaitingTables = Math.max(figures.mostWaitingTables, this.pump.schedule.size);
      }
    }
    figures.mostWaitingRows = this.outbox.mostRows;
    figures.tookSeconds = (performance.now() - began) / 1_000;
    stop.abort();
    await clock.runUntil(until + 60_000);
    await running;
    return figures;
  }

  /** The credit of the tenants, on average by the runs they make a day. */
  credits(): SettledCredits {
    const { load } = this.scenario;
    const byRuns = new Map<number, number[]>();
    for (let tenant = 0; tenant < load.tenants; tenant++) {
      const runs = runsOf(load, tenant);
      const credit = Math.min(1, this.pump.accounts.credit(`tenant-${tenant}`, this.clock.now()));
      byRuns.set(runs, [...(byRuns.get(runs) ?? []), credit]);
    }
    return new Map([...byRuns].map(([runs, all]) => [runs, all.reduce((sum, one) => sum + one, 0) / all.length]));
  }
}

/** A MERGE's share of what was taken: at most 500 rows. */
function firstPart(changes: Waiting[]): { part: Waiting[]; rest: Waiting[] } {
  let rows = 0;
  const end = changes.findIndex((change, index) => {
    rows += change.rows;
    return index > 0 && rows > fullBatchRows;
  });
  return end === -1 ? { part: changes, rest: [] } : { part: changes.slice(0, end), rest: changes.slice(end) };
}

/** The client that runJob sends its requests by, in memory instead of over HTTP. */
function clientOf(warehouse: Warehouse): BigQuery {
  const request = async ({ url, method, data }: { url: string; method: string; data?: unknown }) => {
    const { status, json } = await warehouse.answer(method, new URL(url).pathname.replace('/projects/p', ''), data);
    if (status < 400) return { data: json };
    const message = (json as { error: { message: string } }).error.message;
    throw Object.assign(new Error(message), { status, response: { data: json } });
  };
  return { baseUrl: 'http://warehouse', projectId: 'p', authClient: { request } } as unknown as BigQuery;
}

/** The credit that tenants of this load settle at, from a small fleet that has the large one's budget a tenant. */
async function settledCredits(load: Load, limits: MirrorLimits): Promise<SettledCredits> {
  const from = measuredDay - warmUpMs - settling.days * dayMs;
  const each = Math.max(limits.usdPerTenantMonth, limits.usdPerMonthAtLeast / load.tenants);
  const simulation = new Simulation({
    name: 'settling',
    load: { ...load, tenants: settling.tenants },
    limits: { ...limits, usdPerTenantMonth: each, usdPerMonthAtLeast: 0 },
    credits: new Map(load.runsPerDay.map(runs => [runs, settling.firstCredit])),
    from,
  });
  await simulation.run(measuredDay - warmUpMs);
  return simulation.credits();
}

/** Simulates a day in the middle of a month whose days are all alike. */
export async function simulateDay(name: string, load: Load, limits: MirrorLimits): Promise<DayFigures> {
  const isIdle = load.runsPerDay.every(runs => runs === 0);
  const credits: SettledCredits = isIdle ? new Map() : await settledCredits(load, limits);
  return new Simulation({ name, load, limits, credits, from: measuredDay - warmUpMs }).run(measuredDay + dayMs);
}

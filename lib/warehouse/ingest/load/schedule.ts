/** The interval and the sink of each table of this moment, found anew from time to time from their rates and the day's budget. */
import { gt } from 'drizzle-orm';
import { db } from '@/lib/platform/db';
import { daySpent } from '@/lib/warehouse/ingest/load/budget';
import type { LoadContext } from '@/lib/warehouse/ingest/load/deps';
import { currentRate, lateness } from '@/lib/warehouse/ingest/load/due';
import { intervals, jobsPerSecond } from '@/lib/warehouse/ingest/load/intervals';
import type { Sink } from '@/lib/warehouse/ingest/load/sink';
import { bytesPerSecond, chooseStreams } from '@/lib/warehouse/ingest/load/stream/choose-streams';
import type { WaitingTable } from '@/lib/warehouse/ingest/spool/chunks';
import { tableKey } from '@/lib/warehouse/ingest/spool/new-chunk';
import { ingestTables } from '@/lib/warehouse/ingest/tables';

/** Longest that rows of a quiet table wait while the budget can give it. */
export const mostSeconds = 3_600;
const renewEveryMs = 20_000;
const dayMs = 86_400_000;
/** Bytes of a row of which none was seen yet. */
const unknownRowBytes = 1_000;

export class LoadSchedule {
  #intervals = new Map<string, number>();
  #streamed: ReadonlySet<string> = new Set();
  /** Bytes of a row, by table, as seen when it last waited. */
  #rowBytes = new Map<string, number>();
  #renewedMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly context: LoadContext) {}

  /** The tables that are due, the latest first. */
  async due(waiting: readonly WaitingTable[]): Promise<WaitingTable[]> {
    await this.#renew(waiting);
    const { limits, clock } = this.context;
    const now = clock();
    const late = waiting.map(table => {
      // A table that is new since the last look is quiet, for all that is known.
      const interval = this.#intervals.get(tableKey(table)) ?? this.#ofNew;
      return { table, late: lateness(table, now, interval, limits) };
    });
    return late
      .filter(({ late }) => late >= 1)
      .sort((one, other) => other.late - one.late)
      .map(({ table }) => table);
  }

  /** By what the table's rows go now. */
  sinkOf(table: WaitingTable): Sink {
    if (this.context.sink) return this.context.sink;
    return this.#streamed.has(tableKey(table)) ? 'stream' : 'load_job';
  }

  /** The first rows of a new table are what somebody waits for who tries it out. */
  get #ofNew(): number {
    return this.context.limits.intervalSeconds;
  }

  async #renew(waiting: readonly WaitingTable[]): Promise<void> {
    const { limits, clock } = this.context;
    const now = clock();
    if (now.getTime() - this.#renewedMs < Math.min(renewEveryMs, limits.intervalSeconds * 1_000)) return;
    const tables = (await recentTables(now)).map(table => ({
      key: tableKey(table),
      mode: table.mode,
      rowsPerHour: currentRate(table, now),
    }));
    const spent = await daySpent(now);
    const allowance = {
      jobsPerSecond: jobsPerSecond({ now, jobsPerDay: limits.jobsPerDay, spent: spent.jobs }),
      leastSeconds: limits.intervalSeconds,
      mostSeconds: Math.max(mostSeconds, limits.intervalSeconds),
    };
    this.#noteRowBytes(waiting, new Set(tables.map(({ key }) => key)));
    const byJobs = intervals(tables, allowance);
    this.#streamed = chooseStreams(
      tables
        .filter(({ mode }) => mode === 'append')
        .map(table => ({
          ...table,
          rowBytes: this.#rowBytes.get(table.key) ?? unknownRowBytes,
          isStreamed: this.#streamed.has(table.key),
          seconds: byJobs.get(table.key) ?? 0,
        })),
      {
        leastSeconds: limits.intervalSeconds,
        bytesPerSecond: bytesPerSecond(now, limits.streamBytesPerDay - spent.streamBytes),
      },
    );
    const others = tables.filter(({ key }) => !this.#streamed.has(key));
    this.#intervals = this.#streamed.size === 0 ? byJobs : intervals(others, allowance);
    for (const key of this.#streamed) this.#intervals.set(key, limits.intervalSeconds);
    this.#renewedMs = now.getTime();
  }

  #noteRowBytes(waiting: readonly WaitingTable[], known: ReadonlySet<string>): void {
    for (const key of this.#rowBytes.keys()) if (!known.has(key)) this.#rowBytes.delete(key);
    for (const table of waiting) if (table.rows > 0) this.#rowBytes.set(tableKey(table), table.bytes / table.rows);
  }
}

/** Tables that were loaded within two days, and thus take part in the budget. */
const recentTables = (now: Date) =>
  db()
    .select({
      dataset: ingestTables.dataset,
      tableName: ingestTables.tableName,
      mode: ingestTables.mode,
      rowsPerHour: ingestTables.rowsPerHour,
      lastLoadedAt: ingestTables.lastLoadedAt,
    })
    .from(ingestTables)
    .where(gt(ingestTables.lastLoadedAt, new Date(now.getTime() - 2 * dayMs)));

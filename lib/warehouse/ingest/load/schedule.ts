/** The intervals of all tables of this moment, computed anew from time to time from their rates and the day's budget. */
import { gt } from 'drizzle-orm';
import { db } from '@/lib/platform/db';
import { jobsSpent } from '@/lib/warehouse/ingest/load/budget';
import type { LoadContext } from '@/lib/warehouse/ingest/load/deps';
import { currentRate, lateness } from '@/lib/warehouse/ingest/load/due';
import { intervals, jobsPerSecond } from '@/lib/warehouse/ingest/load/intervals';
import type { WaitingTable } from '@/lib/warehouse/ingest/spool/chunks';
import { tableKey } from '@/lib/warehouse/ingest/spool/new-chunk';
import { ingestTables } from '@/lib/warehouse/ingest/tables';

/** Longest that rows of a quiet table wait while the budget can give it. */
export const mostSeconds = 3_600;
const renewEveryMs = 20_000;
const dayMs = 86_400_000;

export class LoadSchedule {
  #intervals = new Map<string, number>();
  #renewedMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly context: LoadContext) {}

  /** The tables that are due, the latest first. */
  async due(waiting: readonly WaitingTable[]): Promise<WaitingTable[]> {
    await this.#renew();
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

  /** The first rows of a new table are what somebody waits for who tries it out. */
  get #ofNew(): number {
    return this.context.limits.intervalSeconds;
  }

  async #renew(): Promise<void> {
    const { limits, clock } = this.context;
    const now = clock();
    if (now.getTime() - this.#renewedMs < Math.min(renewEveryMs, limits.intervalSeconds * 1_000)) return;
    const rates = await recentTables(now);
    this.#intervals = intervals(
      rates.map(table => ({ key: tableKey(table), rowsPerHour: currentRate(table, now) })),
      {
        jobsPerSecond: jobsPerSecond({ now, jobsPerDay: limits.jobsPerDay, spent: await jobsSpent(now) }),
        leastSeconds: limits.intervalSeconds,
        mostSeconds: Math.max(mostSeconds, limits.intervalSeconds),
      },
    );
    this.#renewedMs = now.getTime();
  }
}

/** Tables that were loaded within two days, and thus take part in the budget. */
const recentTables = (now: Date) =>
  db()
    .select({
      dataset: ingestTables.dataset,
      tableName: ingestTables.tableName,
      rowsPerHour: ingestTables.rowsPerHour,
      lastLoadedAt: ingestTables.lastLoadedAt,
    })
    .from(ingestTables)
    .where(gt(ingestTables.lastLoadedAt, new Date(now.getTime() - 2 * dayMs)));

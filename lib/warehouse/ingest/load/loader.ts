/**
 * The loader: brings rows of the spool to their tables, several tables at the same time, each by one worker. Any number of
 * loaders may run. Source: docs/architecture.md, Ingest.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type LockSession, openSession } from '@/lib/kernel/lock-session';
import { BigQueryUnavailableError } from '@/lib/platform/bigquery/bigquery';
import { log } from '@/lib/platform/log';
import { metrics } from '@/lib/platform/metrics';
import { TableBlocked } from '@/lib/warehouse/ingest/evolve/prepared';
import { JobBudgetSpentError } from '@/lib/warehouse/ingest/load/budget';
import { type LoadContext, type LoaderDeps, loadContext } from '@/lib/warehouse/ingest/load/deps';
import { batchBytes, roomFor } from '@/lib/warehouse/ingest/load/due';
import { blockTable } from '@/lib/warehouse/ingest/load/end-load';
import { loadTable, type SinkTable } from '@/lib/warehouse/ingest/load/load-table';
import { LoadSchedule } from '@/lib/warehouse/ingest/load/schedule';
import { type WaitingTable, waitingTables } from '@/lib/warehouse/ingest/spool/chunks';
import { tableKey } from '@/lib/warehouse/ingest/spool/new-chunk';
import { Backoff } from '@/lib/warehouse/mirror/schedule/backoff';

export type Loader = {
  /** Lets the loads under way end and gives up the locks; what waits stays for the next loader. */
  stop: () => Promise<void>;
};

/** Loads the table as its only writer; null where another process is that. */
async function asWriter(context: LoadContext, session: LockSession, table: SinkTable) {
  const key = tableKey(table);
  if (!(await session.tryLock(key))) return null;
  try {
    return await loadTable(context, table);
  } finally {
    await session.unlock(key);
  }
}

/** Says why a table cannot be written; answers the outcome's name. */
async function noteFailure(context: LoadContext, table: WaitingTable, error: unknown): Promise<string> {
  if (error instanceof TableBlocked) {
    await blockTable(context, table, error.message);
    return 'blocked';
  }
  if (error instanceof BigQueryUnavailableError) return 'unavailable';
  return error instanceof JobBudgetSpentError ? 'no_budget' : 'error';
}

class LoadLoop implements Loader {
  readonly #stop = new AbortController();
  readonly #context: LoadContext;
  readonly #schedule: LoadSchedule;
  readonly #backoff = new Backoff();
  /** Until when a table is left alone after a failure, in ms since the epoch. */
  readonly #retryAt = new Map<string, number>();
  readonly #running = new Map<string, { done: Promise<void>; bytes: number }>();
  readonly #done: Promise<void>;

  constructor(deps: LoaderDeps) {
    this.#context = loadContext(deps, this.#stop.signal);
    this.#schedule = new LoadSchedule(this.#context);
    this.#done = this.#loop();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#done;
  }

  async #loop(): Promise<void> {
    const connection = new Backoff();
    while (!this.#stop.signal.aborted) {
      try {
        await this.#connected(() => connection.clear(''));
      } catch (error) {
        const waitMs = connection.add('');
        log().warn({ err: error, waitMs }, 'the loader lost its database connection');
        await this.#sleep(waitMs);
      }
    }
  }

  #sleep = (waitMs: number) => sleep(waitMs, undefined, { signal: this.#stop.signal }).catch(() => undefined);

  /** One life of a connection: until it breaks, or the loader stops. */
  async #connected(succeeded: () => void): Promise<void> {
    const session = await openSession('ingestTable');
    // Looks are cheap beside what they may find: ten within the shortest interval.
    const lookEveryMs = Math.min(2_000, Math.max(200, this.#context.limits.intervalSeconds * 100));
    try {
      while (!this.#stop.signal.aborted) {
        if (!session.alive()) throw new Error('the connection that holds the locks is gone');
        await this.#look(session);
        succeeded();
        await this.#sleep(lookEveryMs);
      }
    } finally {
      await Promise.all([...this.#running.values()].map(({ done }) => done));
      await session.close().catch(() => undefined);
    }
  }

  async #look(session: LockSession): Promise<void> {
    const waiting = await waitingTables();
    metrics().loadTablesWaiting.set(waiting.length);
    metrics().loadOldestSeconds.set(
      waiting.reduce((oldest, { oldestAt }) => Math.max(oldest, (Date.now() - oldestAt.getTime()) / 1_000), 0),
    );
    const free = (await this.#schedule.due(waiting)).filter(table => {
      const key = tableKey(table);
      return !this.#running.has(key) && (this.#retryAt.get(key) ?? 0) <= Date.now();
    });
    const { limits } = this.#context;
    const held = [...this.#running.values()].map(({ bytes }) => bytes);
    for (const table of free.slice(0, roomFor(free, held, limits))) {
      const key = tableKey(table);
      const done = this.#load(session, table).finally(() => this.#running.delete(key));
      this.#running.set(key, { done, bytes: batchBytes(table, limits) });
    }
  }

  async #load(session: LockSession, table: WaitingTable): Promise<void> {
    const key = tableKey(table);
    try {
      await asWriter(this.#context, session, { ...table, sink: this.#schedule.sinkOf(table) });
      this.#backoff.clear(key);
      this.#retryAt.delete(key);
    } catch (error) {
      const retryMs = this.#backoff.add(key);
      this.#retryAt.set(key, Date.now() + retryMs);
      const outcome = await noteFailure(this.#context, table, error).catch(() => 'error');
      metrics().loads.inc({ outcome });
      log().warn({ err: error, table: key, outcome, retryMs }, 'a table cannot be loaded; its rows wait');
    }
  }
}

/** Starts a loader of this process, which loads each table when it is due. */
export const startLoader = (deps: LoaderDeps): Loader => new LoadLoop(deps);

/** Which tables are meant, where not all. */
export type LoadFilter = { datasets?: readonly string[]; signal?: AbortSignal };

/**
 * Loads everything that waits at the moment of the call whether due or not, each table once; answers how many rows left the
 * spool and what went wrong by table. Tables that another loader writes at the moment are passed over.
 */
export async function loadOnce(
  deps: LoaderDeps,
  { datasets, signal }: LoadFilter = {},
): Promise<{ rows: number; failures: { table: string; error: unknown }[] }> {
  const context = loadContext(deps, signal);
  const session = await openSession('ingestTable');
  const left = (await waitingTables()).filter(({ dataset }) => datasets?.includes(dataset) ?? true);
  const failures: { table: string; error: unknown }[] = [];
  let rows = 0;
  const worker = async () => {
    for (let table = left.shift(); table && !context.stopping.aborted; table = left.shift()) {
      try {
        const loaded = await asWriter(context, session, { ...table, sink: context.sink ?? 'load_job' });
        rows += loaded?.rows ?? 0;
      } catch (error) {
        await noteFailure(context, table, error);
        failures.push({ table: tableKey(table), error });
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: context.limits.tablesAtOnce }, worker));
    return { rows, failures };
  } finally {
    await session.close();
  }
}

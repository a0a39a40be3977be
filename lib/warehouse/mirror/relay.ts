/**
 * The relay: a loop that brings what was committed in Postgres to BigQuery, once, in order a row.
 * Source: docs/architecture.md, The mirror.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { openSession } from '@/lib/kernel/lock-session';
import { tablesNoticed } from '@/lib/kernel/outbox';
import { BigQueryUnavailableError } from '@/lib/platform/bigquery/bigquery';
import { BoundedConcurrency } from '@/lib/platform/bounded-concurrency';
import { log } from '@/lib/platform/log';
import { metrics } from '@/lib/platform/metrics';
import { type RelayContext, type RelayDeps, relayContext } from '@/lib/warehouse/mirror/context';
import type { Mirror } from '@/lib/warehouse/mirror/define-mirror';
import { flushTable, tableOf } from '@/lib/warehouse/mirror/flush';
import { OutboxReader } from '@/lib/warehouse/mirror/outbox-reader';
import { Backoff } from '@/lib/warehouse/mirror/schedule/backoff';
import { type Flushed, FlushPump } from '@/lib/warehouse/mirror/schedule/flush-pump';
import { type TableName, tableKey } from '@/lib/warehouse/mirror/schedule/flush-schedule';
import { readSpent } from '@/lib/warehouse/mirror/schedule/spend';
import { systemTime } from '@/lib/warehouse/mirror/schedule/time';
import { newestChange, type PendingFilter, waitingTables } from '@/lib/warehouse/mirror/store';

export type Relay = {
  /** Finishes the flushes under way and gives up the locks; the backlog waits for the next relay. */
  stop: () => Promise<void>;
  /** How long the table that has been due for longest has been so, in seconds; waiting for the budget is not being due. */
  lateSeconds: () => number;
};

const lockRetryMs = 250;
/** Tables that flushOnce sends at the same time. */
const tablesAtOnce = 16;
const dayMs = 86_400_000;

class RelayLoop implements Relay {
  readonly #mirrors: Map<string, Mirror>;
  readonly #backoff = new Backoff();
  readonly #stop = new AbortController();
  readonly #done: Promise<void>;
  #pump: FlushPump | undefined;

  constructor(readonly deps: RelayDeps) {
    this.#mirrors = new Map(deps.mirrors.map(mirror => [mirror.name, mirror]));
    this.#done = this.#loop();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#done;
  }

  lateSeconds = (): number => (this.#pump?.lateMs() ?? 0) / 1_000;

  async #loop(): Promise<void> {
    const connection = new Backoff();
    while (!this.#stop.signal.aborted) {
      try {
        await this.#connected(() => connection.clear(''));
      } catch (error) {
        const waitMs = connection.add('');
        log().warn({ err: error, waitMs }, 'the mirror relay lost its database connection');
        await systemTime.sleep(waitMs, this.#stop.signal);
      }
    }
  }

  /** One life of a connection: until it breaks, or the relay stops. */
  async #connected(succeeded: () => void): Promise<void> {
    const session = await openSession('mirror', this.deps.session);
    try {
      const context = relayContext(this.deps, session, this.#stop.signal);
      const reader = new OutboxReader(session, this.#mirrors);
      const pump = new FlushPump(
        {
          time: systemTime,
          look: async what => {
            const found = await reader.look(what);
            this.#measure();
            succeeded();
            return found;
          },
          spent: () => readSpent(session, context.limits.usdPerTib),
          flush: table => this.#flush(context, table),
          mergeMs: () => context.mergeMs,
        },
        context.limits,
      );
      context.onCharged = (account, usd) => pump.accounts.charged(account, usd);
      await session.listen(notice => pump.changed(this.#ofOurs(notice)));
      this.#pump = pump;
      await pump.run(this.#stop.signal);
    } finally {
      await session.close().catch(() => undefined);
    }
  }

  /** The tables that a commit named and that this relay writes. */
  #ofOurs(notice: string | undefined): TableName[] {
    return tablesNoticed(notice).flatMap(({ mirror: name, customerId }) => {
      const mirror = this.#mirrors.get(name);
      return mirror ? [tableOf(mirror, customerId)] : [];
    });
  }

  #measure(): void {
    if (!this.#pump) return;
    for (const [reason, count] of Object.entries(this.#pump.deferred())) {
      metrics().mirrorTablesDeferred.set({ reason }, count);
    }
  }

  async #flush(context: RelayContext, table: TableName): Promise<Flushed> {
    const key = tableKey(table);
    const { mirror: name, customerId } = table;
    try {
      const flushed = await flushTable(context, this.#mirrors.get(name) as Mirror, customerId);
      if (flushed === null) return { left: 'unchanged', retryMs: lockRetryMs };
      this.#backoff.clear(key);
      return { left: flushed.left };
    } catch (error) {
      const away = error instanceof BigQueryUnavailableError;
      const retryMs = this.#backoff.add(key);
      metrics().mirrorFlushes.inc({ mirror: name, outcome: away ? 'unavailable' : 'blocked' });
      log().warn({ err: error, mirror: name, customerId, retryMs }, 'a table cannot be written; its changes wait');
      return { left: 'unchanged', retryMs, away };
    }
  }
}

/** Starts the relay. Any number may run, in any processes: each table is written by one of them at a time. */
export const startRelay = (deps: RelayDeps): Relay => new RelayLoop(deps);

async function tablesWaiting(context: RelayContext, known: Map<string, Mirror>, filter: PendingFilter) {
  const waiting = await waitingTables(context.session, [...known.keys()], filter);
  const tables = waiting.map(({ mirror, customerId }) => tableOf(known.get(mirror) as Mirror, customerId));
  return new Map<string, TableName>(tables.map(table => [tableKey(table), table]));
}

/** Flushes one table until nothing meant is left; answers how many rows. */
async function drain(context: RelayContext, mirror: Mirror, table: TableName, filter: PendingFilter, deadline: number) {
  const rows = 0;
  for (;;) {
    const flushed = await flushTable(context, mirror, table.customerId, filter);
    if (flushed) return rows + flushed.rows;
    if (Date.now() > deadline) throw new Error(`another relay holds ${tableKey(table)} and has not sent its changes`);
    await sleep(50);
  }
}

/**
 * Sends everything that waits at the moment of the call, of `customers` only where given, and answers how many rows
 * this process sent; where another relay is at work it waits for that one, at most `lockWaitMs`.
 * Throws TargetError or BigQueryUnavailableError.
 */
export async function flushOnce(
  deps: RelayDeps,
  options: { mirrors?: string[]; customers?: string[]; lockWaitMs?: number } = {},
): Promise<{ rows: number }> {
  const session = await openSession('mirror', deps.session);
  try {
    const context = relayContext(deps, session);
    const filter = { upToId: await newestChange(session), onlyCustomers: options.customers };
    const deadline = Date.now() + (options.lockWaitMs ?? 10_000);
    const wanted = deps.mirrors.filter(({ name }) => options.mirrors?.includes(name) ?? true);
    const known = new Map(wanted.map(mirror => [mirror.name, mirror]));
    const atOnce = new BoundedConcurrency({ atOnce: tablesAtOnce, waiting: Number.POSITIVE_INFINITY });
    let rows = 0;
    const flush = async (table: TableName): Promise<void> => {
      if (!(await atOnce.enter(dayMs))) throw new Error('the flush has waited for a day');
      try {
        // Apart from the sum, which other flushes change meanwhile.
        const sent = await drain(context, known.get(table.mirror) as Mirror, table, filter, deadline);
        rows += sent;
      } finally {
        atOnce.leave();
      }
    };
    for (;;) {
      const tables = await tablesWaiting(context, known, filter);
      if (tables.size === 0) return { rows };
      const flushed = await Promise.allSettled([...tables.values()].map(flush));
      const failed = flushed.find(result => result.status === 'rejected');
      if (failed) throw failed.reason;
    }
  } finally {
    await session.close();
  }
}

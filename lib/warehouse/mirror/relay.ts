/**
 * The relay: a loop that brings what was committed in Postgres to BigQuery, once, in order a row.
 * Source: docs/architecture.md, The mirror.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { log } from '@/lib/platform/log';
import { metrics } from '@/lib/platform/metrics';
import { type RelayContext, type RelayDeps, relayContext } from '@/lib/warehouse/mirror/context';
import type { Mirror } from '@/lib/warehouse/mirror/define-mirror';
import { flushMirror } from '@/lib/warehouse/mirror/flush';
import { Pauses } from '@/lib/warehouse/mirror/pauses';
import { openSession } from '@/lib/warehouse/mirror/session';
import { newestChange, type PendingFilter, pendingMirrors } from '@/lib/warehouse/mirror/store';

export type Relay = {
  /** Finishes the flushes under way and gives up the locks; the backlog waits for the next relay. */
  stop: () => Promise<void>;
};

const lookEveryMs = 1_000;
/** Commits within this time share a MERGE. */
const gatherMs = 15;
const lockRetryMs = 250;

class RelayLoop implements Relay {
  readonly #running = new Map<string, Promise<void>>();
  readonly #pauses = new Pauses();
  readonly #done: Promise<void>;
  readonly #stop = new AbortController();
  #changed = Promise.withResolvers<void>();

  constructor(readonly deps: RelayDeps) {
    this.#done = this.#loop();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    this.#wake();
    await this.#done;
  }

  get #stopping(): boolean {
    return this.#stop.signal.aborted;
  }

  readonly #wake = (): void => this.#changed.resolve();

  async #waitForChange(): Promise<void> {
    const timer = new AbortController();
    await Promise.race([
      this.#changed.promise,
      sleep(lookEveryMs, undefined, { signal: timer.signal }).catch(() => undefined),
    ]);
    timer.abort();
    this.#changed = Promise.withResolvers<void>();
    if (!this.#stopping) await sleep(gatherMs);
  }

  async #loop(): Promise<void> {
    while (!this.#stopping) {
      try {
        await this.#connected();
        this.#pauses.clear('');
      } catch (error) {
        const waitMs = this.#pauses.add('');
        log().warn({ err: error, waitMs }, 'the mirror relay lost its database connection');
        await sleep(waitMs, undefined, { signal: this.#stop.signal }).catch(() => undefined);
      }
    }
  }

  /** One life of a connection: until it breaks, or the relay stops. */
  async #connected(): Promise<void> {
    const session = await openSession(this.deps.session);
    const context = relayContext(this.deps, session, this.#stop.signal);
    try {
      await session.listen(this.#wake);
      while (!this.#stopping) {
        if (!session.alive()) throw new Error('the connection that holds the locks is gone');
        await this.#startFlushes(context);
        await this.#waitForChange();
      }
    } finally {
      await Promise.allSettled(this.#running.values());
      await session.close().catch(() => undefined);
    }
  }

  async #startFlushes(context: RelayContext): Promise<void> {
    const known = new Map(this.deps.mirrors.map(mirror => [mirror.name, mirror]));
    const idle = [...known.keys()].filter(name => !this.#running.has(name) && !this.#pauses.has(name));
    for (const name of await pendingMirrors(context.session, idle)) {
      const mirror = known.get(name) as Mirror;
      const flush = this.#flush(context, mirror).finally(() => this.#running.delete(name));
      this.#running.set(name, flush);
    }
  }

  async #flush(context: RelayContext, mirror: Mirror): Promise<void> {
    const { name } = mirror;
    const customerPrefix = `${name} `;
    try {
      const flushed = await flushMirror(context, mirror, { withoutCustomers: this.#pauses.under(customerPrefix) });
      if (flushed === null) return this.#pauses.addFor(name, lockRetryMs);
      this.#pauses.clear(name);
      for (const { customerIds, error } of flushed.blocked) {
        metrics().mirrorFlushes.inc({ mirror: name, outcome: 'blocked' });
        for (const id of customerIds) this.#pauses.add(customerPrefix + id);
        log().warn({ err: error, mirror: name, customerIds }, 'a dataset cannot be written; its changes wait');
      }
      // Looking again at once only after progress: what is blocked would otherwise be tried without a rest.
      if (flushed.rows > 0 || (flushed.more && flushed.blocked.length === 0)) queueMicrotask(this.#wake);
    } catch (error) {
      const waitMs = this.#pauses.add(name);
      metrics().mirrorFlushes.inc({ mirror: name, outcome: 'unavailable' });
      log().warn({ err: error, mirror: name, waitMs }, 'a flush failed; its changes wait');
    }
  }
}

/** Starts the relay. Any number may run, in any processes: each mirror is written by one of them at a time. */
export const startRelay = (deps: RelayDeps): Relay => new RelayLoop(deps);

async function drain(context: RelayContext, mirror: Mirror, filter: PendingFilter, deadline: number): Promise<number> {
  let rows = 0;
  while ((await pendingMirrors(context.session, [mirror.name], filter)).length > 0) {
    const flushed = await flushMirror(context, mirror, filter);
    if (flushed === null) {
      if (Date.now() > deadline) throw new Error(`another relay holds ${mirror.name} and has not sent its changes`);
      await sleep(50);
      continue;
    }
    if (flushed.blocked[0]) throw flushed.blocked[0].error;
    rows += flushed.rows;
  }
  return rows;
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
  const session = await openSession(deps.session);
  try {
    const context = relayContext(deps, session);
    const filter = { upToId: await newestChange(session), onlyCustomers: options.customers };
    const deadline = Date.now() + (options.lockWaitMs ?? 10_000);
    const wanted = deps.mirrors.filter(({ name }) => options.mirrors?.includes(name) ?? true);
    const drained = await Promise.allSettled(wanted.map(mirror => drain(context, mirror, filter, deadline)));
    const failed = drained.find(result => result.status === 'rejected');
    if (failed) throw failed.reason;
    return { rows: drained.reduce((sum, result) => sum + (result.status === 'fulfilled' ? result.value : 0), 0) };
  } finally {
    await session.close();
  }
}

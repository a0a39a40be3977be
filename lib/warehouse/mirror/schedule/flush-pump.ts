/**
 * Runs the schedule: looks for what waits, starts the flush of what is due within the limits, and rests until there is
 * something to do. Where changes are, how a table is flushed and what time it is, it is given: by the relay the real
 * ones, by the simulation those of the simulation.
 */

import { Accounts, type Spent } from '@/lib/warehouse/mirror/schedule/accounts';
import { Backoff } from '@/lib/warehouse/mirror/schedule/backoff';
import { gatherMs, type MirrorLimits, mostMergesPerWorker } from '@/lib/warehouse/mirror/schedule/flush-policy';
import {
  type Deferred,
  FlushSchedule,
  type Found,
  type Left,
  type TableName,
} from '@/lib/warehouse/mirror/schedule/flush-schedule';
import type { Time } from '@/lib/warehouse/mirror/schedule/time';

export type Flushed = {
  left: Left;
  /** Time until the next attempt, after one that sent nothing. */
  retryMs?: number;
  /** BigQuery did not answer, so that other tables need not try either. */
  away?: boolean;
};

export type PumpPorts = {
  time: Time;
  /** What waits: all of it, or what was committed since the last look. */
  look: (what: 'new' | 'all') => Promise<Found[]>;
  spent: () => Promise<Spent>;
  flush: (table: TableName) => Promise<Flushed>;
  /** What a MERGE takes at present, in ms. */
  mergeMs: () => number;
};

/** Changes whose commit tells nobody are found by this look; it reads the end of the outbox only. */
const lookEveryMs = 1_000;
/** What a look may have missed, as a commit that took very long, is found by a look at all that waits. */
const lookAtAllEveryMs = 60_000;
/** Commits within this time share a look, and looks are so far apart. */
const afterCommitMs = 15;
const betweenLooksMs = 50;
const refreshAccountsEveryMs = 60_000;
/** Starts that a late timer may catch up with at once. */
const burst = 3;
/** Why a rest ends; a reason of its own saves an error with its stack at each. */
const awake = 'awake';
/** So many failures in a row mean that BigQuery is away. */
const awayAfter = 3;

export class FlushPump {
  readonly accounts: Accounts;
  readonly schedule: FlushSchedule;
  readonly #running = new Set<Promise<void>>();
  readonly #spacingMs: number;
  readonly #away = new Backoff();
  #failures = 0;
  #startAt = 0;
  #lookAt = 0;
  #lookedAt = 0;
  #lookAtAllAt = 0;
  #accountsAt = 0;
  #rest = new AbortController();

  constructor(
    private readonly ports: PumpPorts,
    private readonly limits: MirrorLimits,
  ) {
    this.accounts = new Accounts(limits);
    this.schedule = new FlushSchedule(this.accounts, () => gatherMs(ports.mergeMs()));
    this.#spacingMs = 1_000 / Math.min(limits.mergesPerSecond, mostMergesPerWorker);
  }

  /** Something was committed; `first` are tables whose change somebody may be waiting for. */
  changed(first: TableName[] = []): void {
    const now = this.ports.time.now();
    for (const table of first) this.schedule.found({ ...table, oldestAt: now, rows: 1, first: true }, now);
    this.#lookAt = Math.min(this.#lookAt, Math.max(now + afterCommitMs, this.#lookedAt + betweenLooksMs));
    this.#rest.abort(awake);
  }

  deferred = (): Deferred => this.schedule.deferred(this.ports.time.now());

  lateMs = (): number => this.schedule.lateMs(this.ports.time.now());

  /** Works until the signal is aborted and the flushes under way have ended. Throws what `look` and `spent` throw. */
  async run(stopping: AbortSignal): Promise<void> {
    const stop = () => this.#rest.abort(awake);
    stopping.addEventListener('abort', stop);
    try {
      while (!stopping.aborted) {
        this.#rest = new AbortController();
        await this.#look();
        if (!stopping.aborted) this.#start();
        await this.#restUntilNext(stopping);
      }
    } finally {
      stopping.removeEventListener('abort', stop);
      await Promise.all(this.#running);
    }
  }

  async #look(): Promise<void> {
    const { time, look, spent } = this.ports;
    const now = time.now();
    if (now < this.#lookAt) return;
    if (now >= this.#accountsAt) {
      this.accounts.refresh(await spent(), now);
      this.#accountsAt = now + refreshAccountsEveryMs;
    }
    const all = now >= this.#lookAtAllAt;
    if (all) this.#lookAtAllAt = now + lookAtAllEveryMs;
    // Set before the look, so that a commit during it brings the next one forward.
    this.#lookedAt = now;
    this.#lookAt = now + lookEveryMs;
    for (const found of await look(all ? 'all' : 'new')) this.schedule.found(found, time.now());
  }

  #start(): void {
    const now = this.ports.time.now();
    while (this.#running.size < this.limits.parallelMerges && this.#startAt <= now) {
      const table = this.schedule.next(now);
      if (!table) return;
      this.#startAt = Math.max(this.#startAt, now - burst * this.#spacingMs) + this.#spacingMs;
      const flush = this.#flush(table).finally(() => {
        this.#running.delete(flush);
        this.#rest.abort(awake);
      });
      this.#running.add(flush);
    }
  }

  async #flush(table: TableName): Promise<void> {
    const { left, retryMs, away } = await this.ports.flush(table);
    const now = this.ports.time.now();
    this.schedule.ended(table, left, now, retryMs === undefined ? 0 : now + retryMs);
    if (!away) {
      this.#failures = 0;
      this.#away.clear('');
    } else if (++this.#failures >= awayAfter) {
      this.#failures = 0;
      this.#startAt = now + this.#away.add('');
    }
  }

  async #restUntilNext(stopping: AbortSignal): Promise<void> {
    const { time } = this.ports;
    const due = this.#running.size < this.limits.parallelMerges ? this.schedule.nextAt() : undefined;
    const next = Math.min(this.#lookAt, due === undefined ? Number.POSITIVE_INFINITY : Math.max(due, this.#startAt));
    const waitMs = next - time.now();
    if (waitMs > 0 && !stopping.aborted) await time.sleep(waitMs, this.#rest.signal);
  }
}

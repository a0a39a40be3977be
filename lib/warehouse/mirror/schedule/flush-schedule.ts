/** Which table is flushed next: what waits, and when each is due. It holds only tables that wait or are being flushed. */

import { type Accounts, sharedAccount } from '@/lib/warehouse/mirror/schedule/accounts';
import { dueAt, fullBatchRows, type Waiting } from '@/lib/warehouse/mirror/schedule/flush-policy';
import { PriorityQueue } from '@/lib/warehouse/mirror/schedule/priority-queue';

/** A table that is written: a mirror, and the customer in whose dataset; null for a table that all share. */
export type TableName = { mirror: string; customerId: string | null };
export type Found = TableName & Waiting;

/** What is left after a flush: nothing, changes, or what was there before, since nothing was sent. */
export type Left = { oldestAt: number; rows: number } | 'nothing' | 'unchanged';

/** Why tables that wait are not being flushed. */
export type Deferred = { gathering: number; budget: number; rate: number; retry: number };

type Entry = Found & {
  running: boolean;
  /** Not before this, as after a failure. */
  retryAt: number;
  /** When its last flush ended: what is left of a backlog queues up behind those who waited meanwhile. */
  flushedAt: number;
  /** Its place in the queue; another number there is out of date. */
  order: number;
};

export const tableKey = ({ mirror, customerId }: TableName): string =>
  customerId === null ? mirror : `${mirror} ${customerId}`;

export class FlushSchedule {
  readonly #entries = new Map<string, Entry>();
  readonly #queue = new PriorityQueue<Entry>();

  constructor(
    private readonly accounts: Accounts,
    /** How long commits are gathered at present, in ms. */
    private readonly gatheringMs: () => number,
  ) {}

  /** Tables that wait or are being flushed. */
  get size(): number {
    return this.#entries.size;
  }

  /** Changes were found. Of a table that is being flushed, what is left tells its end; only who made them is kept. */
  found(found: Found, now: number): void {
    const known = this.#entries.get(tableKey(found));
    if (!known) {
      const entry: Entry = { ...found, running: false, retryAt: 0, flushedAt: 0, order: 0 };
      this.#entries.set(tableKey(found), entry);
      this.#enqueue(entry, now);
      return;
    }
    const earlier = !known.running && found.oldestAt < known.oldestAt;
    const first = found.first && !known.first;
    const full = known.rows < fullBatchRows && known.rows + found.rows >= fullBatchRows;
    known.rows += found.rows;
    known.first ||= found.first;
    if (earlier) known.oldestAt = found.oldestAt;
    if (!known.running && (earlier || first || full)) this.#enqueue(known, now);
  }

  /** The table to flush now, null when none is due. It counts as being flushed until `ended`. */
  next(now: number): TableName | null {
    for (let least = this.#queue.least; least !== undefined && least <= now; least = this.#queue.least) {
      const taken = this.#queue.pop();
      if (!taken || taken.order !== taken.item.order || taken.item.running) continue;
      // Its account may have less credit than when it was put in line.
      if (this.#orderOf(taken.item, now) > now) this.#enqueue(taken.item, now);
      else {
        taken.item.running = true;
        taken.item.first = false;
        return taken.item;
      }
    }
    return null;
  }

  /** When the next table is due (ms since the epoch), as far as is known; undefined while none waits. */
  nextAt(): number | undefined {
    return this.#queue.least;
  }

  /** A flush has ended. `retryAt` is the earliest time of the next one, after a failure. */
  ended(table: TableName, left: Left, now: number, retryAt = 0): void {
    const entry = this.#entries.get(tableKey(table));
    if (!entry) return;
    entry.running = false;
    if (left === 'nothing') {
      this.#entries.delete(tableKey(table));
      entry.order = Number.NaN;
      return;
    }
    if (left !== 'unchanged') Object.assign(entry, left, { flushedAt: now });
    entry.retryAt = retryAt;
    this.#enqueue(entry, now);
  }

  /** Tables that wait, by why they are not being flushed. */
  deferred(now: number): Deferred {
    const counts: Deferred = { gathering: 0, budget: 0, rate: 0, retry: 0 };
    for (const entry of this.#entries.values()) {
      if (entry.running) continue;
      if (entry.retryAt > now) counts.retry++;
      else if (entry.order <= now) counts.rate++;
      else if (entry.order - entry.oldestAt > this.gatheringMs()) counts.budget++;
      else counts.gathering++;
    }
    return counts;
  }

  /** How long the table that has been due for longest has been so, in ms; 0 when none is. Failures count as due. */
  lateMs(now: number): number {
    let lateMs = 0;
    for (const entry of this.#entries.values()) {
      const credit = this.accounts.credit(entry.customerId ?? sharedAccount, now);
      const due = dueAt({ ...entry, first: false }, credit, this.gatheringMs());
      lateMs = Math.max(lateMs, now - due);
    }
    return lateMs;
  }

  #orderOf(entry: Entry, now: number): number {
    const credit = this.accounts.credit(entry.customerId ?? sharedAccount, now);
    const due = dueAt(entry, credit, this.gatheringMs());
    return Math.max(due, entry.retryAt, entry.first ? 0 : entry.flushedAt);
  }

  #enqueue(entry: Entry, now: number): void {
    entry.order = this.#orderOf(entry, now);
    this.#queue.push(entry.order, entry);
  }
}

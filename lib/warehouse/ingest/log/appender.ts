/** Writes what waits for the log, everything at once and again as soon as that is committed. No timer: waiting for more made it slower. */
import { setImmediate } from 'node:timers/promises';
import { AppError, isRefusedValue, isUniqueViolation, toAppError } from '@/lib/platform/errors';
import { log } from '@/lib/platform/log';
import { type EntrySizes, sizesOf } from '@/lib/warehouse/ingest/log/copy-rows';
import type { NewEntry, Position } from '@/lib/warehouse/ingest/log/log';
import type { ShardSession } from '@/lib/warehouse/ingest/log/shard-session';

type Waiting = {
  entry: NewEntry;
  sizes: EntrySizes;
  bytes: number;
  resolve: (place: Position) => void;
  reject: (error: AppError) => void;
};

export type AppenderOptions = {
  /** Opens a shard at the first append, and another one after a connection was lost. */
  open: () => Promise<ShardSession>;
  /** Bytes of a transaction, and of all that may wait. */
  batchBytes: number;
  waitingBytes: number;
  /** After a failed try to open, appends are refused at once for this long. */
  reopenMs: number;
};

const unavailable = (message: string, retryAfterSeconds: number, cause?: unknown) =>
  new AppError('database_unavailable', message, { retryAfterSeconds, ...(cause === undefined ? {} : { cause }) });

/** A place that is taken says nothing of the entry: the session ends by it, and the next one looks where the shard ends. */
const isBadValue = (error: unknown): boolean => isRefusedValue(error) && !isUniqueViolation(error);

function refusalOf(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (isBadValue(error))
    return new AppError('bad_request', 'The text holds a sign that cannot be stored.', { cause: error });
  return unavailable('What was sent could not be stored. Send it again shortly.', 5, toAppError(error));
}

export class Appender {
  readonly #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #session: ShardSession | undefined;
  #working: Promise<void> | undefined;
  #refusedUntilMs = 0;
  #closed = false;

  constructor(readonly options: AppenderOptions) {}

  /** Resolves once the entry is committed. Throws AppError database_unavailable, or bad_request for a text that cannot be stored. */
  append(entry: NewEntry): Promise<Position> {
    if (this.#closed) return Promise.reject(unavailable('This process is stopping. Send again.', 1));
    if (performance.now() < this.#refusedUntilMs)
      return Promise.reject(unavailable('The database is not reachable. Send again shortly.', 5));
    const sizes = sizesOf(entry);
    const bytes = sizes.key + sizes.meta + sizes.body;
    if (this.#waitingBytes + bytes > this.options.waitingBytes)
      return Promise.reject(unavailable('More is sent than can be stored. Send again shortly.', 1));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ entry, sizes, bytes, resolve, reject });
      this.#waitingBytes += bytes;
      this.#working ??= this.#work();
    });
  }

  /** Lets what waits be written, then gives up the shard; appends are refused from the call on. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#working;
    await this.#session?.close();
  }

  async #work(): Promise<void> {
    // What arrives in the same turn of the event loop goes together; the same after each commit.
    await setImmediate();
    try {
      while (this.#waiting.length > 0) {
        const session = await this.#opened();
        if (!session) continue;
        await this.#write(session, this.#next());
        await setImmediate();
      }
    } finally {
      // In the same turn as the look at what waits, so that nobody comes to wait unseen.
      this.#working = undefined;
    }
  }

  #next(): Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const waiting of this.#waiting) {
      bytes += waiting.bytes;
      if (count > 0 && bytes > this.options.batchBytes) break;
      count += 1;
    }
    return this.#taken(count);
  }

  #taken(count: number): Waiting[] {
    const taken = this.#waiting.splice(0, count);
    for (const { bytes } of taken) this.#waitingBytes -= bytes;
    return taken;
  }

  /** Where no shard can be opened, all who wait are refused: they send again, maybe to another process. */
  async #opened(): Promise<ShardSession | undefined> {
    if (this.#session?.alive()) return this.#session;
    try {
      this.#session = await this.options.open();
      return this.#session;
    } catch (error) {
      this.#session = undefined;
      this.#refusedUntilMs = performance.now() + this.options.reopenMs;
      log().warn({ err: error }, 'no shard of the ingest log could be opened');
      const refusal = refusalOf(error);
      for (const waiting of this.#taken(this.#waiting.length)) waiting.reject(refusal);
      return undefined;
    }
  }

  async #write(session: ShardSession, batch: Waiting[]): Promise<void> {
    try {
      const positions = await session.write(batch);
      batch.forEach((waiting, index) => {
        waiting.resolve({ shard: session.shard, position: positions[index] as number });
      });
    } catch (error) {
      if (batch.length > 1 && isBadValue(error)) return this.#halve(session, batch);
      if (!isBadValue(error))
        log().warn({ err: error, entries: batch.length }, 'entries of the ingest log were not stored');
      for (const waiting of batch) waiting.reject(refusalOf(error));
    }
  }

  /** One text that cannot be stored fails alone. */
  async #halve(session: ShardSession, batch: Waiting[]): Promise<void> {
    const middle = Math.ceil(batch.length / 2);
    await this.#write(session, batch.slice(0, middle));
    await this.#write(session, batch.slice(middle));
  }
}

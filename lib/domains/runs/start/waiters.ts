/** Workers that wait for a run: one look a second at Postgres for all of a process, and none a waiter. Source: docs/architecture.md, Runs that wait. */
import { and, count, eq, gt, inArray, sql } from 'drizzle-orm';
import { runs } from '@/lib/domains/runs/tables';
import { db } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';
import { log } from '@/lib/platform/log';
import { processWide } from '@/lib/platform/process-wide';

const pollMs = 1_000;
const maxOfCustomer = 100;
const maxOfProcess = 2_000;

/** Why a waiter goes on: a run may be there for it, or its time is over. */
type Woken = 'look' | 'over';
type Waiter = { customerId: string; pipelineIds: readonly string[] | null; wake: (woken: Woken) => void };
/** Runs that wait, by customer and pipeline. */
export type WaitingRuns = { customerId: string; pipelineId: string; runs: number }[];

/** The waiters of a process. `look` reads which runs wait for some customers. */
export class Waiters {
  /** By customer, longest waiting first. */
  readonly #waiting = new Map<string, Set<Waiter>>();
  #size = 0;
  #timer: NodeJS.Timeout | null = null;
  #looking = false;
  #closed = false;

  constructor(readonly look: (customerIds: string[]) => Promise<WaitingRuns>) {}

  /** Waiters of the process. */
  get size(): number {
    return this.#size;
  }

  /**
   * Waits until a run of one of the pipelines (null: any) may be there for the caller, at most `timeoutMs`; `over` when it
   * is not, and at once where `signal` says that the caller is gone. AppError rate_limited where too many wait.
   */
  async wait(
    caller: { customerId: string; pipelineIds: readonly string[] | null },
    timeoutMs: number,
    signal?: AbortSignal,
  ): Promise<Woken> {
    if (this.#closed || timeoutMs <= 0 || signal?.aborted) return 'over';
    const ofCustomer = this.#waiting.get(caller.customerId) ?? new Set();
    if (ofCustomer.size >= maxOfCustomer || this.#size >= maxOfProcess) {
      throw new AppError('rate_limited', 'Too many workers wait for a run. Ask again, or without wait_seconds.', {
        retryAfterSeconds: 1,
      });
    }
    this.#waiting.set(caller.customerId, ofCustomer);
    return new Promise(resolve => {
      const over = () => waiter.wake('over');
      const timer = setTimeout(over, timeoutMs);
      const waiter: Waiter = {
        ...caller,
        wake: woken => {
          if (!ofCustomer.delete(waiter)) return;
          this.#size--;
          if (ofCustomer.size === 0) this.#waiting.delete(caller.customerId);
          clearTimeout(timer);
          signal?.removeEventListener('abort', over);
          if (this.#size === 0) this.#stopPolling();
          resolve(woken);
        },
      };
      ofCustomer.add(waiter);
      this.#size++;
      signal?.addEventListener('abort', over, { once: true });
      this.#timer ??= setInterval(() => void this.#poll(), pollMs);
    });
  }

  /** A run of this customer was queued in this process: whoever waits for one looks now. */
  queued(customerId: string): void {
    for (const waiter of [...(this.#waiting.get(customerId) ?? [])]) waiter.wake('look');
  }

  /** Sends everybody home, as when the process ends, and takes nobody any more. */
  close(): void {
    this.#closed = true;
    for (const waiters of [...this.#waiting.values()]) for (const waiter of [...waiters]) waiter.wake('over');
  }

  #stopPolling(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
  }

  async #poll(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      for (const found of await this.look([...this.#waiting.keys()])) this.#wakeFor(found);
    } catch (error) {
      // They go on waiting; the next look is in a second.
      log().warn({ err: error }, 'waiting runs could not be looked for');
    } finally {
      this.#looking = false;
    }
  }

  /** Wakes as many as there are runs, the longest waiting first, so that one run does not move a hundred workers. */
  #wakeFor({ customerId, pipelineId, runs: available }: WaitingRuns[number]): void {
    let left = available;
    for (const waiter of [...(this.#waiting.get(customerId) ?? [])]) {
      if (left === 0) return;
      if (waiter.pipelineIds && !waiter.pipelineIds.includes(pipelineId)) continue;
      waiter.wake('look');
      left--;
    }
  }
}

async function waitingRuns(customerIds: string[]): Promise<WaitingRuns> {
  if (customerIds.length === 0) return [];
  return db()
    .select({ customerId: runs.customerId, pipelineId: runs.pipelineId, runs: count() })
    .from(runs)
    .where(
      and(
        inArray(runs.customerId, customerIds),
        eq(runs.status, 'PENDING'),
        gt(runs.pendingExpiresAt, sql`clock_timestamp()`),
      ),
    )
    .groupBy(runs.customerId, runs.pipelineId);
}

/** The waiters of this process. */
export const waiters = (): Waiters => processWide('run-waiters', () => new Waiters(waitingRuns));

/** Tells this process's waiters that a run of the customer waits since the commit. */
export const runQueued = (customerId: string): void => waiters().queued(customerId);

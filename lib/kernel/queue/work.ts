/** The two ways to work through a queue: item by item under a lease, or in the transaction that writes what an item says. */
import { and, notInArray, or, type SQL, sql } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import {
  type End,
  endAll,
  leaseDue,
  putBack,
  type Queue,
  type QueueRow,
  retryLater,
  settle,
  takeDue,
  takeWaiting,
} from '@/lib/kernel/queue/queue';
import { type Clock, systemClock } from '@/lib/platform/clock';
import { db, type Tx } from '@/lib/platform/db';
import { isDatabaseDown, isEndedForIdling } from '@/lib/platform/errors';
import { log, messageForStaff } from '@/lib/platform/log';

/** Items by what became of them; `stopped`: the round ended early because the same would happen to every item. */
export type WorkReport = Record<End | 'later', number> & { stopped: boolean };

type Round<Row> = {
  clock?: Clock;
  /** Only these items; all by default. */
  where?: SQL | undefined;
  /** Ends the round between two items. */
  signal?: AbortSignal;
  /** Chance in the waits, 0–1. */
  random?: () => number;
  /** Told of each item that this round has ended or put off. */
  onSettled?: (row: Row, outcome: End | 'later', error: string | null) => void;
};

/** What a leased attempt came to. `waitMs`: the other side asked to wait, which is no attempt and ends the round. */
export type Attempt<Row> =
  | { outcome: 'done' | 'skipped'; error?: string | null; set?: Partial<Row> }
  | { outcome: 'dead'; error: string }
  | { outcome: 'later'; error: string; waitMs?: number | null };

const emptyReport = (): WorkReport => ({ done: 0, dead: 0, skipped: 0, later: 0, stopped: false });

async function settleAttempt<Row extends QueueRow>(
  queue: Queue<Row>,
  row: Row,
  attempt: Attempt<Row>,
  round: Round<Row> & { clock: Clock },
): Promise<End | 'later' | 'lost'> {
  if (attempt.outcome !== 'later')
    return (await settle(db(), queue, row, { ...attempt, end: attempt.outcome })) ? attempt.outcome : 'lost';
  const { error, waitMs } = attempt;
  const now = round.clock();
  if (waitMs === undefined || waitMs === null)
    return retryLater(db(), queue, row, { attempt: row.attempts, error, now, random: round.random });
  return (await putBack(db(), queue, row, { at: new Date(now.getTime() + waitMs), error })) ? 'later' : 'lost';
}

/**
 * Works on everything that is due, one item after another, each under a lease. Any number of workers may. An item whose
 * workers died so often that no attempt is left is given up unseen, so that it cannot end every worker. Throws when
 * Postgres is away.
 */
export async function workLeased<Row extends QueueRow>(
  queue: Queue<Row>,
  handle: (row: Row) => Promise<Attempt<Row>>,
  options: Round<Row> = {},
): Promise<WorkReport> {
  const round = { ...options, clock: options.clock ?? systemClock };
  const report = emptyReport();
  const isSpent = (row: Row) => row.attempts > queue.backoffMs.length + 1;
  const attempted = async (row: Row): Promise<Attempt<Row>> => {
    if (isSpent(row)) return { outcome: 'dead', error: row.lastError ?? 'Its workers ended without an answer.' };
    try {
      return await handle(row);
    } catch (error) {
      if (isDatabaseDown(error)) throw error;
      log().warn({ err: error, item: queue.idOf(row) }, `an attempt at a waiting ${queue.noun} failed`);
      return { outcome: 'later', error: messageForStaff(error) };
    }
  };
  while (!report.stopped && !round.signal?.aborted) {
    const [row] = await leaseDue(queue, { now: round.clock(), where: round.where });
    if (!row) break;
    const attempt = await attempted(row);
    const outcome = await settleAttempt(queue, row, attempt, round);
    // The other side asked to wait: so do the other items.
    report.stopped = attempt.outcome === 'later' && typeof attempt.waitMs === 'number';
    if (outcome === 'lost') continue;
    report[outcome]++;
    round.onSettled?.(row, outcome, attempt.error ?? null);
  }
  return report;
}

export type Batch<Row> = {
  tx: Tx;
  first: Row;
  /** Claims more waiting items to be ended with the first one; answers them. */
  alsoTake: (more: { where: SQL | undefined; orderBy: SQL[]; limit: number }) => Promise<Row[]>;
};
export type BatchDone<Row> = {
  /** Columns of the ended items' own. */
  set?: Partial<Row>;
  /** Items of the batch that were not worked on, with columns of their own; they end as skipped. */
  skipped?: readonly { row: Row; set: Partial<Row> }[];
  /** Runs after the commit. */
  after?: () => Promise<void>;
};

type TransactionRound<Row> = Round<Row> & {
  /** Batches under way at once in this process. */
  lanes: number;
  /** Two lanes are never at items of the same key at once; null is no key. */
  apart?: { column: AnyPgColumn; keyOf: (row: Row) => string | null };
  /** True for an error that the same would happen to every item: all wait then, and no attempt is counted. */
  stops?: (error: unknown) => boolean;
  onStopped?: (error: unknown) => void;
  onDone?: (rows: Row[], done: BatchDone<Row>) => void;
};

/** Counts a failed attempt of each item; the last one gives it up. */
async function settleFailure<Row extends QueueRow>(
  queue: Queue<Row>,
  rows: Row[],
  failure: unknown,
  { round, report }: { round: TransactionRound<Row> & { clock: Clock }; report: WorkReport },
): Promise<void> {
  const error = messageForStaff(failure);
  for (const row of rows) {
    const retry = { attempt: row.attempts + 1, error, now: round.clock(), random: round.random };
    const outcome = await retryLater(db(), queue, row, retry);
    // Another lane may have had it since the rollback: what that one found stands.
    if (outcome === 'lost') continue;
    report[outcome]++;
    round.onSettled?.(row, outcome, error);
  }
  log().warn({ err: failure, items: rows.map(queue.idOf) }, `waiting ${queue.noun}s could not be worked on`);
}

/**
 * Works on everything that is due; what an item says is written in the transaction that ends it, so a process that dies
 * loses and repeats nothing. Any number of workers may. Throws when Postgres is away, and counts no attempt then; where it
 * ended the session because a batch let its transaction idle, that was an attempt.
 */
export async function workInTransactions<Row extends QueueRow>(
  queue: Queue<Row>,
  handle: (batch: Batch<Row>) => Promise<BatchDone<Row>>,
  options: TransactionRound<Row>,
): Promise<WorkReport> {
  const round = { ...options, clock: options.clock ?? systemClock };
  const report = emptyReport();
  const busy = new Set<string>();
  const notBusy = () =>
    round.apart && busy.size > 0
      ? or(sql`${round.apart.column} IS NULL`, notInArray(round.apart.column, [...busy]))
      : undefined;

  /** One claim after the other: a lane that looks while another has not yet said which key it took would take the same. */
  let claims: Promise<unknown> = Promise.resolve();
  const claim = (tx: Tx): Promise<{ first: Row; key: string | null } | null> => {
    const mine = claims.then(async () => {
      const [first] = await takeDue(tx, queue, { now: round.clock(), where: and(round.where, notBusy()) });
      if (!first) return null;
      const key = round.apart?.keyOf(first) ?? null;
      if (key) busy.add(key);
      return { first, key };
    });
    claims = mine.catch(() => undefined);
    return mine;
  };

  /** False when nothing is due. */
  const workNext = async (): Promise<boolean> => {
    const taken: Row[] = [];
    let key: string | null = null;
    const began = performance.now();
    // Items that hold a transaction until Postgres ends it would do so for ever if that passed for an outage.
    const isOutage = (error: unknown) => isDatabaseDown(error) && !isEndedForIdling(error, performance.now() - began);
    try {
      const done = await db().transaction(async tx => {
        const claimed = await claim(tx);
        if (!claimed) return null;
        const { first } = claimed;
        key = claimed.key;
        taken.push(first);
        const alsoTake: Batch<Row>['alsoTake'] = async more => {
          const rows = await takeWaiting(tx, queue, more);
          taken.push(...rows);
          return rows;
        };
        const result = await handle({ tx, first, alsoTake });
        const skipped = result.skipped ?? [];
        const left = new Set(skipped.map(({ row }) => row));
        await endAll(
          tx,
          queue,
          taken.filter(row => !left.has(row)),
          result.set,
        );
        for (const { row, set } of skipped) await settle(tx, queue, row, { end: 'skipped', set });
        return result;
      });
      if (!done) return false;
      const skipped = done.skipped?.length ?? 0;
      report.skipped += skipped;
      report.done += taken.length - skipped;
      round.onDone?.(taken, done);
      await done.after?.();
    } catch (error) {
      if (taken.length === 0 || isOutage(error)) throw error;
      if (round.stops?.(error)) {
        report.stopped = true;
        round.onStopped?.(error);
      } else await settleFailure(queue, taken, error, { round, report });
    } finally {
      if (key) busy.delete(key);
    }
    return true;
  };
  const lane = async () => {
    while (!report.stopped && !round.signal?.aborted && (await workNext()));
  };
  await Promise.all(Array.from({ length: round.lanes }, lane));
  return report;
}

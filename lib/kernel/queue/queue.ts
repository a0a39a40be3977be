/**
 * A queue over a Postgres table: claim, settle, retry, dead letter, replay, list, backlog. An item is held by one worker at a
 * time, and comes back by itself when its worker dies. Source: docs/architecture.md, Queues.
 */
import { and, asc, desc, eq, getTableColumns, inArray, lte, type SQL, sql } from 'drizzle-orm';
import type { AnyPgColumn, PgTable } from 'drizzle-orm/pg-core';
import { nextAttempt } from '@/lib/kernel/queue/backoff';
import type { QueueColumns, QueueWords } from '@/lib/kernel/queue/columns';
import { type Db, db, type Tx } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

export type QueueRow = { status: string; attempts: number; nextAttemptAt: Date; lastError: string | null };
type QueueTable = PgTable & QueueColumns & { $inferSelect: QueueRow };

export type Queue<Row extends QueueRow> = {
  /** What an item is called to people: `event`. */
  noun: string;
  words: QueueWords;
  table: QueueTable;
  id: AnyPgColumn;
  idOf: (row: Row) => string;
  arrivedAt: AnyPgColumn;
  /** Waits after the first, second … failed attempt, in ms; after one more attempt the item is given up. */
  backoffMs: readonly number[];
  /** How long a worker may be silent about an item it has leased before another one takes it over. */
  leaseMs: number;
};

/** Declares a table as a queue; `id` and `arrivedAt` name its columns. */
export function defineQueue<Table extends QueueTable>(definition: {
  noun: string;
  words: QueueWords;
  table: Table;
  id: keyof Table['$inferSelect'] & string;
  arrivedAt: keyof Table['$inferSelect'] & string;
  backoffMs: readonly number[];
  leaseMs?: number;
}): Queue<Table['$inferSelect']> {
  const { id, arrivedAt, table, leaseMs = 60_000, ...rest } = definition;
  const columns = getTableColumns(table) as Record<string, AnyPgColumn>;
  const named = (name: string): AnyPgColumn => {
    const column = columns[name];
    if (!column) throw new Error(`the queue of ${definition.noun}s has no column ${name}`);
    return column;
  };
  const idOf = (row: Table['$inferSelect']) => String(row[id]);
  return { ...rest, table, leaseMs, id: named(id), idOf, arrivedAt: named(arrivedAt) };
}

type Anything = Record<string, unknown>;
/** The table as drizzle's builders take it; which row type comes out is the queue's own to say. */
const tableOf = (queue: Queue<never>): PgTable => queue.table;

export type Claim = { now: Date; where?: SQL | undefined; limit?: number };

const due = (queue: Queue<never>, { now, where }: Claim) =>
  and(eq(queue.table.status, queue.words.waiting), lte(queue.table.nextAttemptAt, now), where);

/**
 * Takes what is due longest in the caller's transaction: the rows' locks are the claim, so they are free again with its end,
 * however that comes. For work that Postgres itself can undo. No attempt is counted.
 */
export async function takeDue<Row extends QueueRow>(tx: Tx, queue: Queue<Row>, claim: Claim): Promise<Row[]> {
  const rows = await tx
    .select()
    .from(tableOf(queue))
    .where(due(queue, claim))
    .orderBy(asc(queue.table.nextAttemptAt), asc(queue.id))
    .limit(claim.limit ?? 1)
    .for('update', { skipLocked: true });
  return rows as unknown as Row[];
}

/** Takes waiting items of the caller's choice in its transaction, due or not, unless another worker holds them. */
export async function takeWaiting<Row extends QueueRow>(
  tx: Tx,
  queue: Queue<Row>,
  { where, orderBy, limit }: { where: SQL | undefined; orderBy: SQL[]; limit: number },
): Promise<Row[]> {
  const rows = await tx
    .select()
    .from(tableOf(queue))
    .where(and(eq(queue.table.status, queue.words.waiting), where))
    .orderBy(...orderBy)
    .limit(limit)
    .for('update', { skipLocked: true });
  return rows as unknown as Row[];
}

/**
 * Takes what is due longest for leaseMs and counts the attempt. For work outside Postgres: if this process dies meanwhile,
 * the item is taken anew once the lease is over.
 */
export async function leaseDue<Row extends QueueRow>(queue: Queue<Row>, claim: Claim): Promise<Row[]> {
  const picked = db()
    .select({ id: queue.id })
    .from(tableOf(queue))
    .where(due(queue, claim))
    .orderBy(asc(queue.table.nextAttemptAt), asc(queue.id))
    .limit(claim.limit ?? 1)
    .for('update', { skipLocked: true });
  const leased = { attempts: sql`${queue.table.attempts} + 1`, nextAttemptAt: later(claim.now, queue.leaseMs) };
  const rows = await db()
    .update(tableOf(queue))
    .set(leased as Anything)
    // An array is read once; a plain IN may be read again and lock more than the limit.
    .where(sql`${queue.id} = ANY(ARRAY(${picked}))`)
    .returning();
  return (rows as unknown as Row[]).sort((a, b) => a.nextAttemptAt.getTime() - b.nextAttemptAt.getTime());
}

const later = (now: Date, ms: number): Date => new Date(now.getTime() + ms);
const shortened = (error: string): string => error.slice(0, 500);

/** Writes what became of an attempt; false where another worker has had the item since it was claimed. */
async function write<Row extends QueueRow>(
  store: Db | Tx,
  queue: Queue<Row>,
  row: Row,
  columns: Anything,
): Promise<boolean> {
  const unchanged = and(
    eq(queue.id, queue.idOf(row)),
    eq(queue.table.attempts, row.attempts),
    eq(queue.table.status, queue.words.waiting),
  );
  const written = await store.update(tableOf(queue)).set(columns).where(unchanged);
  return written.rowCount === 1;
}

export type End = 'done' | 'dead' | 'skipped';

/** Ends an item; `set` are columns of its own. False where another worker has had it since. */
export const settle = <Row extends QueueRow>(
  store: Db | Tx,
  queue: Queue<Row>,
  row: Row,
  { end, error = null, set = {} }: { end: End; error?: string | null; set?: Partial<Row> },
): Promise<boolean> =>
  write(store, queue, row, { ...set, status: queue.words[end], lastError: error && shortened(error) });

/** Ends as done what the caller's transaction holds; `set` are columns of the items' own. */
export async function endAll<Row extends QueueRow>(tx: Tx, queue: Queue<Row>, rows: Row[], set: Partial<Row> = {}) {
  if (rows.length === 0) return;
  const done = { ...set, status: queue.words.done, lastError: null };
  await tx
    .update(tableOf(queue))
    .set(done as Anything)
    .where(inArray(queue.id, rows.map(queue.idOf)));
}

/**
 * After a failed attempt, the `attempt`-th: the item is due again after its wait, or is given up. `lost` where another
 * worker has had it since.
 */
export async function retryLater<Row extends QueueRow>(
  store: Db | Tx,
  queue: Queue<Row>,
  row: Row,
  { attempt, error, now, random }: { attempt: number; error: string; now: Date; random?: () => number },
): Promise<'later' | 'dead' | 'lost'> {
  const next = nextAttempt(queue.backoffMs, attempt, now, random);
  const then = next ? { nextAttemptAt: next } : { status: queue.words.dead };
  const written = await write(store, queue, row, { attempts: attempt, lastError: shortened(error), ...then });
  return written ? (next ? 'later' : 'dead') : 'lost';
}

/** Puts a leased item back until `at` as if it had not been tried. */
export const putBack = <Row extends QueueRow>(
  store: Db | Tx,
  queue: Queue<Row>,
  row: Row,
  { at, error }: { at: Date; error: string },
): Promise<boolean> =>
  write(store, queue, row, { attempts: row.attempts - 1, nextAttemptAt: at, lastError: shortened(error) });

/**
 * Puts an item back in line with all its attempts and answers it as it was. `from` are the states it may be in, `set` columns
 * of its own. AppError not_found where `where` does not hold either, conflict.
 */
export async function replay<Row extends QueueRow>(
  tx: Tx,
  queue: Queue<Row>,
  item: { id: string; from: readonly End[]; now: Date; where?: SQL | undefined; set?: Partial<Row> },
): Promise<Row> {
  const own = and(eq(queue.id, item.id), item.where);
  const found = await tx.select().from(tableOf(queue)).where(own).for('update');
  const [before] = found as unknown as Row[];
  if (!before) throw new AppError('not_found', `There is no ${queue.noun} with this id.`);
  if (!item.from.some(end => queue.words[end] === before.status)) {
    const wanted = item.from.map(end => queue.words[end]).join(', ');
    throw new AppError('conflict', `This ${queue.noun} is ${before.status}; only ${wanted} ones are tried again.`);
  }
  const again = { ...item.set, status: queue.words.waiting, attempts: 0, nextAttemptAt: item.now };
  await tx
    .update(tableOf(queue))
    .set(again as Anything)
    .where(eq(queue.id, item.id));
  return before;
}

/** Items without the columns named in `hidden`, the latest first. */
export async function listItems<Row extends QueueRow, Hidden extends keyof Row & string>(
  queue: Queue<Row>,
  { where, limit, hidden }: { where: SQL | undefined; limit: number; hidden: readonly Hidden[] },
): Promise<Omit<Row, Hidden>[]> {
  const shown = Object.entries(getTableColumns(queue.table)).filter(([name]) => !hidden.includes(name as Hidden));
  const rows = await db()
    .select(Object.fromEntries(shown) as Record<string, AnyPgColumn>)
    .from(tableOf(queue))
    .where(where)
    .orderBy(desc(queue.arrivedAt), desc(queue.id))
    .limit(limit);
  return rows as unknown as Omit<Row, Hidden>[];
}

/** `oldestSeconds`: age of the oldest waiting item; `lateSeconds`: for how long one has been due. */
export type Backlog = { waiting: number; dead: number; oldestSeconds: number; lateSeconds: number };

/** How many items wait and were given up, and for how long. */
export async function backlogOf(queue: Queue<never>): Promise<Backlog> {
  const { waiting, dead } = queue.words;
  const { status, nextAttemptAt } = queue.table;
  const isWaiting = sql`FILTER (WHERE ${status} = ${waiting})`;
  const since = (column: AnyPgColumn) =>
    sql<number>`greatest(0, coalesce(extract(epoch FROM clock_timestamp() - min(${column}) ${isWaiting}), 0))::float8`;
  const [row] = await db()
    .select({
      waiting: sql<number>`(count(*) ${isWaiting})::int`,
      dead: sql<number>`(count(*) FILTER (WHERE ${status} = ${dead}))::int`,
      oldestSeconds: since(queue.arrivedAt),
      lateSeconds: since(nextAttemptAt),
    })
    .from(tableOf(queue))
    .where(sql`${status} IN (${sql.raw(`'${waiting}', '${dead}'`)})`);
  return row ?? { waiting: 0, dead: 0, oldestSeconds: 0, lateSeconds: 0 };
}

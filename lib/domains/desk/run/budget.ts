/** The bytes of a UTC day: taken when a query starts, replaced once by what it billed. Source: docs/desk.md, What a query costs. */
import { and, count, eq, inArray, isNull, sql } from 'drizzle-orm';
import { limitsOf } from '@/lib/domains/desk/caps/caps';
import { fitsDay, leastBytes, mostQueriesPerDay, mostRunning } from '@/lib/domains/desk/rules';
import { budgetSpent, secondsOfDayLeft } from '@/lib/domains/desk/run/errors';
import { type DeskQuery, deskDays, deskQueries } from '@/lib/domains/desk/tables';
import { utcDay } from '@/lib/platform/clock';
import { db, type Tx } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

const ofDay = (customerId: string, day: string) => and(eq(deskDays.customerId, customerId), eq(deskDays.day, day));

/** Locks the customer's day until `tx` ends; answers the bytes that are taken of it, and its queries. */
async function lockDay(tx: Tx, customerId: string, day: string): Promise<{ bytes: number; queries: number }> {
  await tx.insert(deskDays).values({ customerId, day, bytes: 0, queries: 0 }).onConflictDoNothing();
  const [row] = await tx.select().from(deskDays).where(ofDay(customerId, day)).for('update');
  if (!row) throw new Error('the day of the desk went away under its lock');
  return row;
}

async function requireRoom(tx: Tx, customerId: string): Promise<void> {
  const running = and(eq(deskQueries.customerId, customerId), eq(deskQueries.status, 'RUNNING'));
  const [{ queries = 0 } = {}] = await tx.select({ queries: count() }).from(deskQueries).where(running);
  if (queries < mostRunning) return;
  throw new AppError(
    'rate_limited',
    `${mostRunning} queries of your organization run already. Wait until one has ended.`,
    {
      retryAfterSeconds: 2,
      details: { running: queries },
    },
  );
}

type NewQuery = typeof deskQueries.$inferInsert;

/**
 * What the job may bill: no more than is left of the day, as data may have grown since the dry run, and no less than the service
 * takes for a cap.
 */
const capWithin = ({ capBytes, tables }: NewQuery, leftBytes: number): number =>
  Math.min(capBytes, Math.max(leftBytes, Math.max(1, tables.length) * leastBytes));

/**
 * Writes the query as running and takes its estimate from the day, with a cap within what is left of it, or answers null where its
 * request token has made one already. AppError rate_limited, bytes_budget_spent.
 */
export async function takeBytes(tx: Tx, query: NewQuery): Promise<DeskQuery | null> {
  const { customerId, estimatedBytes, startedAt } = query;
  const day = utcDay(startedAt);
  const { bytes: dayBytes, queries } = await lockDay(tx, customerId, day);
  if (query.requestToken && (await queryOfToken(tx, customerId, query.requestToken))) return null;
  await requireRoom(tx, customerId);
  if (queries >= mostQueriesPerDay)
    throw new AppError('rate_limited', `Your organization has run the ${mostQueriesPerDay} queries of a UTC day.`, {
      retryAfterSeconds: secondsOfDayLeft(startedAt),
    });
  const { bytesPerDay: dayLimitBytes } = await limitsOf(tx, customerId);
  if (!fitsDay(estimatedBytes, dayBytes, dayLimitBytes))
    throw budgetSpent({ estimatedBytes, dayBytes, dayLimitBytes }, startedAt);
  const capBytes = capWithin(query, dayLimitBytes - dayBytes);
  // The same token at midnight may hold the lock of another day.
  const [stored] = await tx
    .insert(deskQueries)
    .values({ ...query, capBytes })
    .onConflictDoNothing()
    .returning();
  if (!stored) return null;
  await tx
    .update(deskDays)
    .set({ bytes: dayBytes + estimatedBytes, queries: sql`${deskDays.queries} + 1` })
    .where(ofDay(customerId, day));
  return stored;
}

/** The query that a request token has made. */
export async function queryOfToken(tx: Tx, customerId: string, token: string): Promise<DeskQuery | undefined> {
  const same = and(eq(deskQueries.customerId, customerId), eq(deskQueries.requestToken, token));
  return (await tx.select().from(deskQueries).where(same))[0];
}

export type QueryEnd = Pick<DeskQuery, 'status' | 'rowCount' | 'totalRows' | 'errorMessage' | 'endedAt'> & {
  bytesBilled: number;
};

/**
 * Writes how a query ended, and puts what it billed in the place of its estimate on the day it started: once, whoever says it
 * first. Answers the row, and whether this call was the one.
 */
export function settle(queryId: string, end: QueryEnd): Promise<{ query: DeskQuery; isFirst: boolean }> {
  return db().transaction(async tx => {
    const open = and(
      eq(deskQueries.queryId, queryId),
      isNull(deskQueries.bytesBilled),
      inArray(deskQueries.status, ['RUNNING', 'LOST']),
    );
    const [query] = await tx.update(deskQueries).set(end).where(open).returning();
    if (!query) {
      const [known] = await tx.select().from(deskQueries).where(eq(deskQueries.queryId, queryId));
      if (!known) throw new Error(`query ${queryId} went away while it ran`);
      return { query: known, isFirst: false };
    }
    await tx
      .update(deskDays)
      .set({ bytes: sql`${deskDays.bytes} - ${query.estimatedBytes} + ${end.bytesBilled}` })
      .where(ofDay(query.customerId, utcDay(query.startedAt)));
    return { query, isFirst: true };
  });
}

/** Tells people once when a month's events reach 80 % and 100 % of the limit. Source: docs/architecture.md, Event collection. */
import { and, eq, inArray, isNotNull, isNull, lt, or, type SQL, sql } from 'drizzle-orm';
import { customers } from '@/lib/domains/customers/tables';
import { eventsPerMonth, warnAtShare } from '@/lib/domains/events/rules';
import { eventLimits, eventMonths } from '@/lib/domains/events/tables';
import { notify } from '@/lib/domains/notifications/notify';
import { planNames } from '@/lib/domains/subscriptions/rules';
import { type Clock, systemClock, utcMonth } from '@/lib/platform/clock';
import { db, type Tx } from '@/lib/platform/db';

type Scope = { clock?: Clock; customers?: string[] };

/** Customers taken in a transaction. */
const batchSize = 20;

const planLimit = sql.join(
  planNames.map(plan => sql`WHEN ${plan} THEN ${eventsPerMonth[plan]}::bigint`),
  sql` `,
);
const limit: SQL<number> = sql`COALESCE(${eventLimits.maxEventsPerMonth}, CASE ${customers.subscriptionPlan} ${planLimit} END)`;
const warnMark = sql`(${limit} * ${warnAtShare}::numeric)`;

const ofMonth = (now: Date, only: string[] | undefined) =>
  and(eq(eventMonths.month, utcMonth(now)), only ? inArray(eventMonths.customerId, only) : undefined);

/** Customers of the month that `which` is true of, with what they used and may use; locked. */
const monthsOf = (tx: Tx, which: SQL | undefined) =>
  tx
    .select({ row: eventMonths, limit: limit.mapWith(Number) })
    .from(eventMonths)
    .innerJoin(customers, eq(customers.customerId, eventMonths.customerId))
    .leftJoin(eventLimits, eq(eventLimits.customerId, eventMonths.customerId))
    .where(which)
    .limit(batchSize)
    .for('update', { of: eventMonths, skipLocked: true });

const set = (
  tx: Tx,
  { customerId, month }: typeof eventMonths.$inferSelect,
  columns: Partial<typeof eventMonths.$inferInsert>,
) =>
  tx
    .update(eventMonths)
    .set(columns)
    .where(and(eq(eventMonths.customerId, customerId), eq(eventMonths.month, month)));

/** Of a limit that was raised beyond what is used, the marks may be reached once more. */
async function rearm(tx: Tx, now: Date, only: string[] | undefined): Promise<number> {
  const told = or(
    and(isNotNull(eventMonths.warnedAt), lt(eventMonths.events, warnMark)),
    and(isNotNull(eventMonths.reachedAt), lt(eventMonths.events, limit)),
  );
  const due = await monthsOf(tx, and(ofMonth(now, only), told));
  for (const { row, limit: most } of due)
    await set(tx, row, { reachedAt: null, ...(row.events < most * warnAtShare ? { warnedAt: null } : {}) });
  return due.length;
}

async function tell(tx: Tx, now: Date, only: string[] | undefined): Promise<number> {
  const untold = or(
    and(isNull(eventMonths.warnedAt), sql`${eventMonths.events} >= ${warnMark}`),
    and(isNull(eventMonths.reachedAt), sql`${eventMonths.events} >= ${limit}`),
  );
  const due = await monthsOf(tx, and(ofMonth(now, only), untold));
  for (const { row, limit: most } of due) {
    const { customerId, month, events } = row;
    const data = { month, events, monthly_limit: most };
    const reached = events >= most;
    // Who is over the limit already is told that alone.
    const event = reached ? 'events_reached' : 'events_warning';
    await notify(tx, { event, customerId, at: now, data });
    await set(tx, row, { warnedAt: row.warnedAt ?? now, ...(reached ? { reachedAt: now } : {}) });
  }
  return due.length;
}

/** Queues the messages of what was reached since the last call; answers how many customers were told. */
export async function tellEventUse({ clock = systemClock, customers: only }: Scope = {}): Promise<{ told: number }> {
  let told = 0;
  for (let found = batchSize; found === batchSize; ) found = await db().transaction(tx => rearm(tx, clock(), only));
  for (let found = batchSize; found === batchSize; told += found)
    found = await db().transaction(tx => tell(tx, clock(), only));
  return { told };
}

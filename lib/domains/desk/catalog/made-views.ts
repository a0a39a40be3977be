/** What Postgres remembers of a customer's views: which statement made each, who makes one now, which could not be made. */
import { and, eq, inArray, lte, notLike, sql } from 'drizzle-orm';
import { deskViews } from '@/lib/domains/desk/tables';
import { db } from '@/lib/platform/db';
import { newUuid } from '@/lib/platform/ids';

export type MadeView = { definition: string; madeAt: Date };

/** A view that could not be made is tried again after this. */
const brokenMinutes = 10;
const brokenMark = 'broken ';
const makingMark = 'making ';

const mine = (customerId: string, viewName: string) =>
  and(eq(deskViews.customerId, customerId), eq(deskViews.viewName, viewName));

/** What is remembered of the customer's views, by their names. */
export async function madeViews(customerId: string): Promise<Map<string, MadeView>> {
  const rows = await db().select().from(deskViews).where(eq(deskViews.customerId, customerId));
  return new Map(rows.map(({ viewName, definition, madeAt }) => [viewName, { definition, madeAt }]));
}

const isYoung = ({ madeAt }: MadeView, now: Date): boolean => now.getTime() - madeAt.getTime() < brokenMinutes * 60_000;

/** Whether nothing is to be done for the view of this definition: it is made, or could not be made a moment ago. */
export const isSettled = (made: MadeView | undefined, definition: string, now: Date): boolean =>
  made !== undefined &&
  (made.definition === definition || (made.definition === brokenMark + definition && isYoung(made, now)));

/** Names of the customer's views that could not be made lately. */
export async function brokenViews(customerId: string, now: Date): Promise<Set<string>> {
  const made = await madeViews(customerId);
  const broken = [...made].filter(([, view]) => view.definition.startsWith(brokenMark) && isYoung(view, now));
  return new Set(broken.map(([name]) => name));
}

/** Says that this call makes the view now; answers the mark by which it finds out whether another one began since. */
export async function beginView(customerId: string, viewName: string): Promise<string> {
  const definition = `${makingMark}${newUuid()}`;
  const { customerId: customer, viewName: name } = deskViews;
  await db()
    .insert(deskViews)
    .values({ customerId, viewName, definition })
    .onConflictDoUpdate({ target: [customer, name], set: { definition, madeAt: sql`now()` } });
  return definition;
}

type Making = { customerId: string; viewName: string; mark: string; definition: string };

/** Puts `definition` in the mark's place; false where another call has begun since, so that its statement may have been the last. */
async function settle({ customerId, viewName, mark }: Making, definition: string): Promise<boolean> {
  const { rowCount } = await db()
    .update(deskViews)
    .set({ definition, madeAt: sql`now()` })
    .where(and(mine(customerId, viewName), eq(deskViews.definition, mark)));
  return rowCount === 1;
}

/**
 * Remembers that the view is made. False where a call beside this one made it by another statement meanwhile, which is then
 * forgotten: whoever looks next makes the view anew.
 */
export async function endView(making: Making): Promise<boolean> {
  if (await settle(making, making.definition)) return true;
  const { customerId, viewName, definition } = making;
  const [now] = await db().select().from(deskViews).where(mine(customerId, viewName));
  if (now?.definition === definition) return true;
  await forgetViews(customerId, [viewName]);
  return false;
}

/** Remembers that the view could not be made by this definition. */
export const noteBroken = (making: Making): Promise<boolean> => settle(making, brokenMark + making.definition);

/** Forgets these views of the customer: the next look makes them anew. */
export async function forgetViews(customerId: string, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  await db()
    .delete(deskViews)
    .where(and(eq(deskViews.customerId, customerId), inArray(deskViews.viewName, [...names])));
}

/** What the clock of the database says, by which it notes when a view was made; ours may go before or after it. */
export async function viewClock(): Promise<Date> {
  const { rows } = await db().execute<{ ms: number }>(
    sql`SELECT extract(epoch FROM clock_timestamp()::timestamptz(3))::float8 * 1000 AS ms`,
  );
  const [clock] = rows;
  if (!clock) throw new Error('the database tells no time');
  return new Date(Math.round(clock.ms));
}

/** Forgets those of the customer's views that were there by then, as viewClock told it; those being made now are unknown anyway. */
export async function forgetViewsMadeBy(customerId: string, then: Date): Promise<void> {
  const { customerId: customer, definition, madeAt } = deskViews;
  await db()
    .delete(deskViews)
    .where(and(eq(customer, customerId), lte(madeAt, then), notLike(definition, `${makingMark}%`)));
}

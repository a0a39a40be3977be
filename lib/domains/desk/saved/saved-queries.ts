/** Queries that the organization keeps by name: read by every member who may query, and changed by them. */
import { and, asc, count, eq, ne, sql } from 'drizzle-orm';
import { z } from 'zod';
import { lockCustomer } from '@/lib/domains/customers/profile';
import { changeSavedQueryInput, deleteSavedQueryInput, saveQueryInput } from '@/lib/domains/desk/input';
import { mostSavedQueries } from '@/lib/domains/desk/rules';
import { deskSavedQueries, type SavedQuery } from '@/lib/domains/desk/tables';
import { type Change, defineCommand } from '@/lib/kernel/command';
import { actorLabel, requireCustomer } from '@/lib/kernel/ctx';
import { defineOperation } from '@/lib/kernel/operation';
import { db, type Tx } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';
import { newId } from '@/lib/platform/ids';

export type SavedQueryView = {
  saved_query_id: string;
  query_name: string;
  sql: string;
  created_at: Date;
  /** As actorLabel names who did it. */
  created_by: string;
  updated_at: Date;
  updated_by: string;
};

const viewOf = (row: SavedQuery): SavedQueryView => ({
  saved_query_id: row.savedQueryId,
  query_name: row.queryName,
  sql: row.sql,
  created_at: row.createdAt,
  created_by: row.createdBy,
  updated_at: row.updatedAt,
  updated_by: row.updatedBy,
});

/** What the audit log says of it: never the text, which may hold what a query looks for. */
const audited = ({ queryName, sql: text }: SavedQuery) => ({
  query_name: queryName,
  sql_bytes: Buffer.byteLength(text),
});
const changeOf = (before: SavedQuery | null, after: SavedQuery | null, savedQueryId: string) => ({
  target: { type: 'saved_query', id: savedQueryId },
  before: before && audited(before),
  after: after && audited(after),
  mirror: [],
});

const ofCustomer = (customerId: string, savedQueryId: string) =>
  and(eq(deskSavedQueries.customerId, customerId), eq(deskSavedQueries.savedQueryId, savedQueryId));
const named = (customerId: string, name: string) =>
  and(eq(deskSavedQueries.customerId, customerId), sql`lower(${deskSavedQueries.queryName}) = lower(${name})`);

const taken = (name: string, { savedQueryId }: SavedQuery): AppError =>
  new AppError('conflict', `There is a saved query “${name}” already. Choose another name.`, {
    fields: [{ path: 'query_name', message: 'There is a saved query of this name already.' }],
    details: { saved_query_id: savedQueryId },
  });

async function lockSaved(tx: Tx, customerId: string, savedQueryId: string): Promise<SavedQuery> {
  const [row] = await tx.select().from(deskSavedQueries).where(ofCustomer(customerId, savedQueryId)).for('update');
  if (!row) throw new AppError('not_found', 'There is no such saved query.');
  return row;
}

/**
 * Keeps a query by a name of its own; the same name and text again are the one that there is.
 * AppError invalid_input, conflict where another has the name or there are as many as there may be.
 */
export const saveQuery = defineCommand({
  name: 'desk.save_query',
  permission: 'desk:query',
  input: saveQueryInput,
  run: async ({ ctx, tx, input }): Promise<Change<SavedQueryView>> => {
    const { customerId } = requireCustomer(ctx);
    await lockCustomer(tx, customerId);
    const [same] = await tx.select().from(deskSavedQueries).where(named(customerId, input.query_name));
    if (same?.sql === input.sql) return { result: viewOf(same), unchanged: true };
    if (same) throw taken(input.query_name, same);
    const own = eq(deskSavedQueries.customerId, customerId);
    const [{ queries = 0 } = {}] = await tx.select({ queries: count() }).from(deskSavedQueries).where(own);
    if (queries >= mostSavedQueries)
      throw new AppError('conflict', `There are ${mostSavedQueries} saved queries. Delete some that are not needed.`);
    const [now, by] = [ctx.clock(), actorLabel(ctx.actor)];
    const [stored] = await tx
      .insert(deskSavedQueries)
      .values({
        savedQueryId: newId('sq'),
        customerId,
        queryName: input.query_name,
        sql: input.sql,
        createdAt: now,
        createdBy: by,
        updatedAt: now,
        updatedBy: by,
      })
      .returning();
    if (!stored) throw new Error('the query was not stored');
    return { result: viewOf(stored), ...changeOf(null, stored, stored.savedQueryId) };
  },
});

/** Gives a saved query another name or text; what is not named stays. AppError not_found, invalid_input, conflict. */
export const changeSavedQuery = defineCommand({
  name: 'desk.change_saved_query',
  permission: 'desk:query',
  input: changeSavedQueryInput,
  run: async ({ ctx, tx, input }): Promise<Change<SavedQueryView>> => {
    const { customerId } = requireCustomer(ctx);
    await lockCustomer(tx, customerId);
    const before = await lockSaved(tx, customerId, input.saved_query_id);
    const after = { queryName: input.query_name ?? before.queryName, sql: input.sql ?? before.sql };
    if (after.queryName === before.queryName && after.sql === before.sql)
      return { result: viewOf(before), unchanged: true };
    const others = and(named(customerId, after.queryName), ne(deskSavedQueries.savedQueryId, before.savedQueryId));
    const [other] = await tx.select().from(deskSavedQueries).where(others);
    if (other) throw taken(after.queryName, other);
    const [changed] = await tx
      .update(deskSavedQueries)
      .set({ ...after, updatedAt: ctx.clock(), updatedBy: actorLabel(ctx.actor) })
      .where(ofCustomer(customerId, before.savedQueryId))
      .returning();
    if (!changed) throw new Error('the saved query went away under its lock');
    return { result: viewOf(changed), ...changeOf(before, changed, before.savedQueryId) };
  },
});

/** Deletes a saved query; what it found stays with whom it ran for. AppError not_found. */
export const deleteSavedQuery = defineCommand({
  name: 'desk.delete_saved_query',
  permission: 'desk:query',
  input: deleteSavedQueryInput,
  run: async ({ ctx, tx, input }): Promise<Change<SavedQueryView>> => {
    const { customerId } = requireCustomer(ctx);
    const [gone] = await tx.delete(deskSavedQueries).where(ofCustomer(customerId, input.saved_query_id)).returning();
    if (!gone) throw new AppError('not_found', 'There is no such saved query.');
    return { result: viewOf(gone), ...changeOf(gone, null, gone.savedQueryId) };
  },
});

/** The organization's saved queries by name. AppError forbidden. */
export const listSavedQueries = defineOperation({
  name: 'desk.list_saved_queries',
  permission: 'desk:query',
  input: z.strictObject({}),
  run: async ({ customerId }): Promise<SavedQueryView[]> => {
    const rows = await db()
      .select()
      .from(deskSavedQueries)
      .where(eq(deskSavedQueries.customerId, customerId))
      .orderBy(asc(sql`lower(${deskSavedQueries.queryName})`), asc(deskSavedQueries.savedQueryId));
    return rows.map(viewOf);
  },
});

/** One saved query. AppError forbidden, not_found, also for a foreign id. */
export const readSavedQuery = defineOperation({
  name: 'desk.read_saved_query',
  permission: 'desk:query',
  input: z.strictObject({}),
  run: async ({ customerId }, _asked, id: string): Promise<SavedQueryView> => {
    const isId = deleteSavedQueryInput.safeParse({ saved_query_id: id }).success;
    const [row] = isId ? await db().select().from(deskSavedQueries).where(ofCustomer(customerId, id)) : [];
    if (!row) throw new AppError('not_found', 'There is no such saved query.');
    return viewOf(row);
  },
});

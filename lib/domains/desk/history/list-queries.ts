/** The queries that a member or key asked, the last one first. */
import { and } from 'drizzle-orm';
import { historyInput } from '@/lib/domains/desk/input';
import { ownQueries, type QueryView, queryView } from '@/lib/domains/desk/run/query-view';
import { deskQueries } from '@/lib/domains/desk/tables';
import { defineOperation } from '@/lib/kernel/operation';
import { newestFirst, pageOf } from '@/lib/kernel/paging';
import { db } from '@/lib/platform/db';

export type QueryHistory = { queries: QueryView[]; next: string | null };

/** A page of the caller's own queries of the last 90 days. AppError forbidden, invalid_cursor. */
export const listQueries = defineOperation({
  name: 'desk.list_queries',
  permission: 'desk:query',
  input: historyInput,
  run: async (ctx, { after, limit }): Promise<QueryHistory> => {
    const { where, orderBy } = newestFirst({ at: deskQueries.startedAt, id: deskQueries.queryId }, after);
    const found = await db()
      .select()
      .from(deskQueries)
      .where(and(ownQueries(ctx), where))
      .orderBy(...orderBy)
      .limit(limit + 1);
    const page = pageOf(found, limit, ({ startedAt: at, queryId: id }) => ({ at, id }));
    return { queries: page.rows.map(queryView), next: page.nextCursor };
  },
});

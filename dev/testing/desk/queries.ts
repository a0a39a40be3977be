/** Queries of the desk as rows alone, for tests that need no job of BigQuery. */
import type { World } from '@/dev/testing/world';
import { leastBytes } from '@/lib/domains/desk/rules';
import { askerOf } from '@/lib/domains/desk/run/asker';
import { type DeskQuery, deskQueries } from '@/lib/domains/desk/tables';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { db } from '@/lib/platform/db';
import { newId } from '@/lib/platform/ids';

/** A query of the owner that runs, unless told otherwise. */
export async function insertDeskQuery(
  world: Pick<World, 'customerId' | 'as'>,
  given: Partial<typeof deskQueries.$inferInsert> = {},
  asker: CustomerCtx = world.as('OWNER'),
): Promise<DeskQuery> {
  const queryId = newId('qry');
  const sql = given.sql ?? 'SELECT sha FROM commits';
  const [query] = await db()
    .insert(deskQueries)
    .values({
      queryId,
      customerId: world.customerId,
      askedBy: askerOf(asker.actor),
      askedVia: 'portal',
      sql,
      executedSql: `${sql}\nLIMIT 1000`,
      tables: ['commits'],
      status: 'RUNNING',
      jobId: `desk_${queryId}`,
      estimatedBytes: leastBytes,
      capBytes: leastBytes,
      startedAt: new Date(),
      ...(given.status === 'FAILED' ? { bytesBilled: 0, endedAt: new Date() } : {}),
      ...given,
    })
    .returning();
  if (!query) throw new Error('the query was not stored');
  return query;
}

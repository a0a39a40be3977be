/** Numbers of a customer's rows in `sessions`. Source: docs/spec/001-ai-traces.md, sessions. */
import { sql } from 'drizzle-orm';
import { traceIds } from '@/lib/domains/traces/tables';
import { db } from '@/lib/platform/db';

/** Reserves `count` numbers in a row that nobody else gets, and answers the first. Those of rows that were there before stay unused. */
export async function reserveIds(customerId: string, count: number): Promise<number> {
  const [row] = await db()
    .insert(traceIds)
    .values({ customerId, nextId: 1 + count })
    .onConflictDoUpdate({ target: traceIds.customerId, set: { nextId: sql`${traceIds.nextId} + ${count}` } })
    .returning({ nextId: traceIds.nextId });
  if (!row) throw new Error(`no ids were reserved for ${customerId}`);
  return row.nextId - count;
}

/** Forgets whose traces are: after a day, beyond what is kept of a customer, and of a developer who is erased. */
import { and, eq, sql } from 'drizzle-orm';
import { mostTraceOwners, traceOwnerHours } from '@/lib/domains/traces/rules';
import { traceOwners } from '@/lib/domains/traces/tables';
import { db, type Tx } from '@/lib/platform/db';
import { deleteInSteps } from '@/lib/warehouse/ingest/forget-datasets';

const hourMs = 3_600_000;

/** Forgets of a customer who has more than `most` traces all but the last told; answers how many. */
export async function forgetBeyond(customerId: string, most: number): Promise<number> {
  const { rows } = await db().execute<{ told_at: string }>(sql`
    SELECT told_at::text AS told_at FROM trace_owners WHERE customer_id = ${customerId}
    ORDER BY told_at DESC OFFSET ${most} LIMIT 1`);
  const last = rows[0]?.told_at;
  if (last === undefined) return 0;
  return deleteInSteps('trace_owners', sql`customer_id = ${customerId} AND told_at <= ${last}::timestamptz`);
}

/** Forgets what is older than a day or more than is kept; answers how many traces. */
export async function forgetTraceOwners(at: Date): Promise<number> {
  const before = new Date(at.getTime() - traceOwnerHours * hourMs).toISOString();
  let forgotten = await deleteInSteps('trace_owners', sql`told_at < ${before}::timestamptz`);
  const { rows } = await db().execute<{ customer_id: string }>(sql`
    SELECT customer_id FROM trace_owners GROUP BY customer_id HAVING count(*) > ${mostTraceOwners}`);
  for (const { customer_id } of rows) forgotten += await forgetBeyond(customer_id, mostTraceOwners);
  return forgotten;
}

/** Forgets the traces of a developer: no span that comes later is theirs unless it says so. */
export async function forgetTracesOf(tx: Tx, customerId: string, developer: string): Promise<void> {
  await tx
    .delete(traceOwners)
    .where(and(eq(traceOwners.customerId, customerId), eq(traceOwners.developerId, developer)));
}

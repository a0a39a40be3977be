/** Whose rows a table that machines fill holds. */
import { and, eq } from 'drizzle-orm';
import { db } from '@/lib/platform/db';
import type { Target } from '@/lib/warehouse/ingest/spool/new-chunk';
import { ingestTables } from '@/lib/warehouse/ingest/tables';

/** The customer as the consumer noted it with the first rows. Throws where nobody is known. */
export async function ownerOf({ dataset, tableName }: Target): Promise<string> {
  const [table] = await db()
    .select({ customerId: ingestTables.customerId })
    .from(ingestTables)
    .where(and(eq(ingestTables.dataset, dataset), eq(ingestTables.tableName, tableName)));
  if (!table) throw new Error(`nobody is known to own ${dataset}.${tableName}`);
  return table.customerId;
}

/** Versions of the tables that machines fill, which caches of pages follow. */
import { sql } from 'drizzle-orm';
import type { Tx } from '@/lib/platform/db';

/** Raises the versions of a source's table, the customer's and that of staff, in the transaction that says its rows changed. */
export async function raiseTableVersions(tx: Tx, tableName: string, customerId: string): Promise<void> {
  await tx.execute(sql`
    INSERT INTO data_versions (table_name, customer_id, version)
    SELECT ${`source.${tableName}`}, customer, 1 FROM unnest(ARRAY['', ${customerId}]) AS customer ORDER BY customer
    ON CONFLICT (table_name, customer_id)
    DO UPDATE SET version = data_versions.version + 1, synced_at = clock_timestamp()`);
}

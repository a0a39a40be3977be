/** Versions of the tables that machines fill, which caches of pages follow. */
import { sql } from 'drizzle-orm';
import type { Tx } from '@/lib/platform/db';

/** Raises these versions, the customer's and those of staff, in the transaction that says that rows changed. */
export async function raiseTableVersions(tx: Tx, names: readonly string[], customerId: string): Promise<void> {
  await tx.execute(sql`
    INSERT INTO data_versions (table_name, customer_id, version)
    SELECT name, customer, 1
    FROM unnest(${sql.param([...names])}::text[]) AS name CROSS JOIN unnest(ARRAY['', ${customerId}]) AS customer
    ORDER BY name, customer
    ON CONFLICT (table_name, customer_id)
    DO UPDATE SET version = data_versions.version + 1, synced_at = clock_timestamp()`);
}

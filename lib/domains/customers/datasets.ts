/** Which dataset belongs to which customer, for what works on the datasets themselves: the mirror and schema changes. */
import { asc, eq, inArray } from 'drizzle-orm';
import { customers } from '@/lib/domains/customers/tables';
import { db, type Tx } from '@/lib/platform/db';

/** The customer's own dataset, null when there is no such customer. */
export async function tenantDatasetOf(customerId: string): Promise<string | null> {
  const [row] = await db()
    .select({ dataset: customers.tenantDatasetId })
    .from(customers)
    .where(eq(customers.customerId, customerId));
  return row?.dataset ?? null;
}

/** Own datasets of those of the customers that are there, by id; erased ones are not. */
export async function tenantDatasetsOf(tx: Tx, customerIds: readonly string[]): Promise<Map<string, string>> {
  const { customerId, tenantDatasetId } = customers;
  const found = await tx
    .select({ customerId, tenantDatasetId })
    .from(customers)
    .where(inArray(customerId, customerIds));
  return new Map(found.map(row => [row.customerId, row.tenantDatasetId]));
}

/** All customers with their datasets, by id of the customer; those whose deletion is asked for are still among them. */
export const tenantDatasets = (): Promise<{ customerId: string; dataset: string }[]> =>
  db()
    .select({ customerId: customers.customerId, dataset: customers.tenantDatasetId })
    .from(customers)
    .orderBy(asc(customers.customerId));

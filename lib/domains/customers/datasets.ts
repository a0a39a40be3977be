/** Which dataset belongs to which customer, for what works on the datasets themselves: the mirror and schema changes. */
import { asc, eq } from 'drizzle-orm';
import { customers } from '@/lib/domains/customers/tables';
import { db } from '@/lib/platform/db';

/** The customer's own dataset, null when there is no such customer. */
export async function tenantDatasetOf(customerId: string): Promise<string | null> {
  const [row] = await db()
    .select({ dataset: customers.tenantDatasetId })
    .from(customers)
    .where(eq(customers.customerId, customerId));
  return row?.dataset ?? null;
}

/** All customers with their datasets, by id of the customer; those whose deletion is asked for are still among them. */
export const tenantDatasets = (): Promise<{ customerId: string; dataset: string }[]> =>
  db()
    .select({ customerId: customers.customerId, dataset: customers.tenantDatasetId })
    .from(customers)
    .orderBy(asc(customers.customerId));

/** Every mirror of the product, and what the relay needs to write them. */
import '@/lib/domains/api-keys/mirror';
import '@/lib/domains/customers/mirror';
import '@/lib/domains/pipelines/mirror';
import '@/lib/domains/quotas/mirror';
import '@/lib/domains/subscriptions/mirror';
import '@/lib/domains/team/mirror';
import '@/lib/kernel/audit-mirror';
import { asc, eq } from 'drizzle-orm';
import { customers } from '@/lib/domains/customers/tables';
import type { RelayDeps } from '@/lib/kernel/relay/context';
import { ensureTenantDataset } from '@/lib/kernel/schemas/apply';
import { bigquery } from '@/lib/platform/bigquery';
import { db } from '@/lib/platform/db';
import { env } from '@/lib/platform/env';

/** 25 DML statements a table in 10 s, which only the service counts. */
const servicePaceMs = 400;

async function resolveDataset(customerId: string): Promise<string | null> {
  const [row] = await db()
    .select({ dataset: customers.tenantDatasetId })
    .from(customers)
    .where(eq(customers.customerId, customerId));
  return row?.dataset ?? null;
}

/** What the relay of this process works with; for startRelay, flushOnce, verify and rebuild. */
export const relayDeps = (): RelayDeps => ({
  bigquery: bigquery(),
  resolveDataset,
  listDatasets: () =>
    db()
      .select({ customerId: customers.customerId, dataset: customers.tenantDatasetId })
      .from(customers)
      .orderBy(asc(customers.customerId)),
  ensureDataset: async dataset => {
    if (dataset === 'customers')
      throw new Error('BigQuery has no dataset customers: run `npm run cli -- schemas apply`');
    await ensureTenantDataset(bigquery(), dataset, env().BIGQUERY_LOCATION);
  },
  paceMs: env().BIGQUERY_API_URL ? 0 : servicePaceMs,
});

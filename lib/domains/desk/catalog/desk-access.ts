/** Which datasets and which account belong to a customer's desk, for the command that gives access. Source: docs/desk.md, The customer's service account. */
import type { BigQuery } from '@google-cloud/bigquery';
import { and, asc, eq, isNull } from 'drizzle-orm';
import { customers } from '@/lib/domains/customers/tables';
import { deskAccountEmail, deskAccountId } from '@/lib/domains/desk/catalog/desk-account';
import { deskDatasetOf } from '@/lib/domains/desk/catalog/desk-dataset';
import { eventSources } from '@/lib/domains/events/tables';
import { db } from '@/lib/platform/db';
import { agentDatasetOf } from '@/lib/warehouse/agent-dataset';
import { getDataset } from '@/lib/warehouse/schemas/rest';
import type { DeskTarget } from '@/lib/warehouse/schemas/security/desk-steps';

type Clients = {
  client: BigQuery;
  /** Of the project that holds the agent logs. */
  logs: BigQuery;
};

async function eventDatasets(customerId: string): Promise<string[]> {
  const rows = await db()
    .select({ dataset: eventSources.dataset })
    .from(eventSources)
    .where(and(eq(eventSources.customerId, customerId), isNull(eventSources.deletedAt)))
    .orderBy(asc(eventSources.dataset));
  return rows.map(({ dataset }) => dataset);
}

/** Customers whose access is given, by id: those whose deletion is not asked for, or one of them. */
export const deskCustomers = (customerId?: string): Promise<{ customerId: string; tenantDatasetId: string }[]> =>
  db()
    .select({ customerId: customers.customerId, tenantDatasetId: customers.tenantDatasetId })
    .from(customers)
    .where(and(isNull(customers.deletionRequestedAt), customerId ? eq(customers.customerId, customerId) : undefined))
    .orderBy(asc(customers.customerId));

/** What is to be set up for one of them. */
export async function deskTarget(
  { customerId, tenantDatasetId }: { customerId: string; tenantDatasetId: string },
  { client, logs }: Clients,
): Promise<DeskTarget> {
  const own = [tenantDatasetId, ...(await eventDatasets(customerId))].map(dataset => ({ client, dataset }));
  const all = [...own, { client: logs, dataset: agentDatasetOf(tenantDatasetId) }];
  const found = await Promise.all(all.map(base => getDataset(base.client, base.dataset)));
  return {
    customerId,
    accountId: deskAccountId(customerId),
    account: deskAccountEmail(customerId, await client.getProjectId()),
    deskDataset: deskDatasetOf(tenantDatasetId),
    bases: all.filter((_, index) => found[index]),
  };
}

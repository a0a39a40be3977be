/** Lets the views of a customer's desk read what lies beneath them. Source: docs/desk.md, The customer's service account. */
import type { BigQuery } from '@google-cloud/bigquery';
import type { CatalogTable } from '@/lib/domains/desk/catalog/catalog';
import { deskDatasetOf } from '@/lib/domains/desk/catalog/desk-dataset';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { BigQueryUnavailableError } from '@/lib/platform/bigquery/bigquery';
import { log } from '@/lib/platform/log';
import { giveAccess, viewsEntry } from '@/lib/warehouse/schemas/security/dataset-access';

/** The service's clients of the project that most datasets lie in, and of the one of the agent logs. */
type Clients = { client: BigQuery; logs: BigQuery };

/** A project's id may have dots, the other two have none. */
const baseName = /^(.+)\.([^.]+)\.[^.]+$/;

/**
 * Authorizes the desk's dataset on the datasets beneath these tables, which the product's account has made. One that does not
 * let it is logged and passed over: the other views work. Throws BigQueryUnavailableError.
 */
export async function authorizeViews(
  { customerId, tenantDatasetId }: CustomerCtx,
  tables: readonly CatalogTable[],
  { client, logs }: Clients,
): Promise<void> {
  const entry = viewsEntry(await client.getProjectId(), deskDatasetOf(tenantDatasetId));
  const places = new Map(
    tables.map(({ base }) => {
      const [, project = '', dataset = ''] = baseName.exec(base) ?? [];
      return [`${project}.${dataset}`, { project, dataset }];
    }),
  );
  for (const { project, dataset } of places.values()) {
    try {
      await giveAccess(project === client.projectId ? client : logs, dataset, entry);
    } catch (error) {
      if (error instanceof BigQueryUnavailableError) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      log().error({ customer: customerId, dataset, reason }, 'views of the desk may not read a dataset');
    }
  }
}

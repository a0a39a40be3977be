/** The dataset of one customer's views for the query desk, as it is made. */
import type { BigQuery } from '@google-cloud/bigquery';
import { bigqueryRequest } from '@/lib/platform/bigquery/bigquery';
import { getDataset, refusedFor, withinRate } from '@/lib/warehouse/schemas/rest';

/** Makes it unless it is there; two at once end well. Throws BigQueryStatementError, BigQueryUnavailableError. */
export async function ensureDeskDataset(client: BigQuery, dataset: string, location: string): Promise<void> {
  if (await getDataset(client, dataset)) return;
  const description = 'Views of one customer’s tables, which its queries read.';
  const datasetReference = { projectId: await client.getProjectId(), datasetId: dataset };
  const json = { datasetReference, location, description };
  try {
    await withinRate(() => bigqueryRequest(client, { method: 'POST', uri: '/datasets', json }));
  } catch (error) {
    if (!refusedFor(error, 'duplicate', '409')) throw error;
  }
}

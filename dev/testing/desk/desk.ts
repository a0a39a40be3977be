/** A customer's desk for tests: who may ask, views that are dropped at the end, and the clients that jobs are sent by. */
import type { World } from '@/dev/testing/world';
import { deskDatasetOf } from '@/lib/domains/desk/catalog/desk-dataset';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { bigquery, bigqueryRequest } from '@/lib/platform/bigquery/bigquery';
import { agentDatasetOf } from '@/lib/warehouse/agent-dataset';

/** The context of a key of the customer that may query. */
export const keyCtx = (world: World, key: { id: string; name?: string }): CustomerCtx => ({
  ...world.as('OWNER'),
  actor: { type: 'api_key', id: key.id, name: key.name ?? 'agent', scopes: ['desk:query'] },
});

/** Drops what the desk made in BigQuery for these customers. */
export async function dropDesks(worlds: readonly World[]): Promise<void> {
  const datasets = worlds.flatMap(({ tenantDatasetId }) => [
    tenantDatasetId,
    agentDatasetOf(tenantDatasetId),
    deskDatasetOf(tenantDatasetId),
  ]);
  await Promise.allSettled(
    datasets.map(dataset =>
      bigqueryRequest(bigquery(), { method: 'DELETE', uri: `/datasets/${dataset}`, qs: { deleteContents: true } }),
    ),
  );
}

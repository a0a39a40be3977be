/** `<table>_view`: the table without what was sent twice. */
import type { BigQuery } from '@google-cloud/bigquery';
import { bigqueryRequest } from '@/lib/platform/bigquery/bigquery';
import { log } from '@/lib/platform/log';
import { tableUri } from '@/lib/warehouse/ingest/evolve/live-schema';
import type { LoadField } from '@/lib/warehouse/ingest/evolve/prepared';
import type { TableMode, Target } from '@/lib/warehouse/ingest/spool/new-chunk';
import { getTable, refusedFor, withinRate } from '@/lib/warehouse/schemas/rest';

/** Days of `received_at` within which a view looks for repeats, as Segment's does. */
const viewDays = 60;
const mark = 'Made with the table by Tenantry.';

export const viewOf = ({ dataset, tableName }: Target): Target => ({ dataset, tableName: `${tableName}_view` });

/** The view's SELECT: of the rows of one id the one that was loaded last. A table of latest rows is shown whole. */
export function viewQuery(project: string, target: Target, fields: readonly LoadField[], mode: TableMode): string {
  const columns = fields.map(field => `  \`${field.name}\``).join(',\n');
  const from = `FROM \`${project}.${target.dataset}.${target.tableName}\``;
  const last = fields.some(field => field.name === 'loaded_at') ? 'loaded_at' : 'received_at';
  const recent = `WHERE received_at >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL ${viewDays} DAY)`;
  const once = `QUALIFY ROW_NUMBER() OVER (PARTITION BY id ORDER BY ${last} DESC) = 1`;
  return [`SELECT\n${columns}`, from, mode === 'append' ? recent : 'WHERE TRUE', once].join('\n');
}

/** True for a view of ours: a table may take its place. */
export const isOwnView = (table: { type?: string; description?: string }): boolean =>
  table.type === 'VIEW' && (table.description ?? '').startsWith(mark);

/**
 * Makes the view, or gives it the table's columns as they are now. Where a table has the view's name, there is no view; one that
 * BigQuery refuses is left for the next change and logged, since no row waits for it.
 */
export async function writeView(
  client: BigQuery,
  target: Target,
  fields: readonly LoadField[],
  mode: TableMode,
): Promise<void> {
  const names = new Set(fields.map(field => field.name));
  if (!names.has('id') || !names.has('received_at')) return;
  const view = viewOf(target);
  const projectId = await client.getProjectId();
  const json = { view: { query: viewQuery(projectId, target, fields, mode), useLegacySql: false } };
  const tableReference = { projectId, datasetId: view.dataset, tableId: view.tableName };
  const description = `${mark} Rows of ${target.tableName}, each id once, of the last ${viewDays} days.`;
  try {
    await withinRate(() =>
      bigqueryRequest(client, {
        method: 'POST',
        uri: `/datasets/${view.dataset}/tables`,
        json: { ...json, tableReference, description },
      }),
    ).catch(async (error: unknown) => {
      if (!refusedFor(error, 'duplicate', '409')) throw error;
      const there = await getTable(client, view.dataset, view.tableName);
      if (there && isOwnView(there)) {
        await withinRate(() => bigqueryRequest(client, { method: 'PATCH', uri: tableUri(view), json }));
      }
    });
  } catch (error) {
    log().warn({ err: error, ...view }, 'the view of a table could not be written');
  }
}

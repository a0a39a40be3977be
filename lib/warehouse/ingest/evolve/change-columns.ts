/** Adds columns and widens them in place, within the service's rate of changes to a table. */
import type { BigQuery } from '@google-cloud/bigquery';
import { LRUCache } from 'lru-cache';
import { bigqueryRequest } from '@/lib/platform/bigquery/bigquery';
import { SlidingWindow } from '@/lib/platform/bigquery/sliding-window';
import { env } from '@/lib/platform/env';
import { processWide } from '@/lib/platform/process-wide';
import { tableUri } from '@/lib/warehouse/ingest/evolve/live-schema';
import type { AddedColumn, WidenedColumn } from '@/lib/warehouse/ingest/evolve/plan-columns';
import type { LoadField } from '@/lib/warehouse/ingest/evolve/prepared';
import { type Target, tableKey } from '@/lib/warehouse/ingest/spool/new-chunk';
import { getTable, isLocal, runDdl } from '@/lib/warehouse/schemas/rest';

/** The service takes five updates of a table's metadata in 10 s; a load job is one too, and leaves four. */
const updateLimit = { atMost: 4, withinMs: 10_000 };
const mostTablesKept = 1_000;
/** The service takes a statement of 1 MB; names have 300 signs at most. */
const columnsPerStatement = 1_000;

const windows = () =>
  processWide('ingest-update-windows', () => new LRUCache<string, SlidingWindow>({ max: mostTablesKept }));

/** Resolves when the table may be changed once more. A local BigQuery has no such limit. */
export async function updateTurn(client: BigQuery, target: Target): Promise<void> {
  if (isLocal(client)) return;
  const key = tableKey(target);
  const window = windows().get(key) ?? new SlidingWindow(updateLimit);
  windows().set(key, window);
  await window.turn();
}

export const quotedTable = ({ dataset, tableName }: Target): string => `\`${dataset}\`.\`${tableName}\``;

async function change(client: BigQuery, target: Target, sql: string): Promise<void> {
  await updateTurn(client, target);
  await runDdl(client, sql, env().BIGQUERY_LOCATION);
}

/** A local BigQuery changes the stored table by a statement, and what it says of the table only by a patch. */
async function sayLocally(client: BigQuery, target: Target, columns: readonly LoadField[]): Promise<void> {
  if (!isLocal(client)) return;
  const live = await getTable(client, target.dataset, target.tableName);
  const fields = new Map((live?.schema?.fields ?? []).map(field => [field.name, field]));
  for (const { name, type } of columns) fields.set(name, { mode: 'NULLABLE', ...fields.get(name), name, type });
  const json = { schema: { fields: [...fields.values()] } };
  await bigqueryRequest(client, { method: 'PATCH', uri: tableUri(target), json });
}

/** One statement for all of them on the service; a local BigQuery takes one column a statement, so it gets a script. */
function addition(client: BigQuery, target: Target, columns: readonly AddedColumn[]): string {
  const head = `ALTER TABLE ${quotedTable(target)}`;
  const parts = columns.map(({ name, type }) => `ADD COLUMN IF NOT EXISTS \`${name}\` ${type}`);
  return isLocal(client) ? parts.map(part => `${head} ${part}`).join(';\n') : `${head} ${parts.join(', ')}`;
}

/** Adds the columns; those that are there stay as they are. Throws what BigQuery answers. */
export async function addColumns(client: BigQuery, target: Target, columns: readonly AddedColumn[]): Promise<void> {
  for (let at = 0; at < columns.length; at += columnsPerStatement) {
    await change(client, target, addition(client, target, columns.slice(at, at + columnsPerStatement)));
  }
  await sayLocally(client, target, columns);
}

/** Widens columns in place, one statement each. Throws what BigQuery answers. */
export async function widenColumns(client: BigQuery, target: Target, columns: readonly WidenedColumn[]): Promise<void> {
  for (const { name, to } of columns) {
    await change(client, target, `ALTER TABLE ${quotedTable(target)} ALTER COLUMN \`${name}\` SET DATA TYPE ${to}`);
  }
  if (columns.length > 0) {
    const widened = columns.map(({ name, to }) => ({ name, type: to }));
    await sayLocally(client, target, widened);
  }
}

/** Batches of rows for tests of the evolution of tables: made, prepared and loaded into a dataset of the test's own. */
import type { BigQuery } from '@google-cloud/bigquery';
import { testDefinition } from '@/dev/testing/ingest/datasets';
import { bigquery, createBigQuery, runStatement } from '@/lib/platform/bigquery/bigquery';
import { runLoadJob } from '@/lib/platform/bigquery/load-job';
import { env } from '@/lib/platform/env';
import { randomText } from '@/lib/platform/ids';
import type { ColumnType } from '@/lib/warehouse/ingest/column-types';
import { type BatchChunk, type PrepareDeps, prepareBatch } from '@/lib/warehouse/ingest/evolve/prepare-batch';
import type { Prepared } from '@/lib/warehouse/ingest/evolve/prepared';
import { typeOfJson } from '@/lib/warehouse/ingest/evolve/values';
import type { Target } from '@/lib/warehouse/ingest/spool/new-chunk';
import type { EvolvingTables } from '@/lib/warehouse/ingest/table-spec';

/** A table of a dataset that no other test has; neither exists. */
export const newTarget = (tableName = 'orders'): Target => ({ dataset: `evolve_${randomText(10)}`, tableName });

export type TestRow = { id?: string; received_at?: string } & Record<string, unknown>;

/** A chunk of these rows; a text of JSON stands for itself, so that numbers can be written in any way. */
export function chunkOf(rows: readonly (TestRow | string)[]): BatchChunk {
  const columns: Record<string, ColumnType[]> = {};
  const lines = rows.map(row => {
    if (typeof row === 'string') return row;
    return JSON.stringify({ id: randomText(12), received_at: new Date().toISOString(), ...row });
  });
  for (const line of lines) {
    for (const [, name = '', json = ''] of line.matchAll(/"(\w+)":("(?:[^"\\]|\\.)*"|[^,}]+)/g)) {
      const type = typeOfJson(json);
      columns[name] = [...new Set([...(columns[name] ?? []), ...(type ? [type] : [])])];
    }
  }
  return { chunkId: randomText(12), columns, ndjson: lines.map(line => `${line}\n`).join(''), rows: rows.length };
}

/** Loads what was prepared, as the loader does. */
export async function loadPrepared(prepared: Prepared, client: BigQuery = bigquery()): Promise<void> {
  if (prepared.rows === 0) return;
  const { dataset, tableName } = prepared.target;
  const ndjson = prepared.ndjson.replaceAll('}\n', `,"loaded_at":"${new Date().toISOString()}"}\n`);
  const jobId = `test_${randomText(16)}`;
  await runLoadJob({ jobId, dataset, table: tableName, fields: prepared.fields, ndjson }, client);
}

export type SendOptions = PrepareDeps & { definition?: EvolvingTables };

/** Prepares rows as one chunk and loads them; answers what was prepared. */
export async function sendRows(
  target: Target,
  rows: readonly (TestRow | string)[],
  { definition = testDefinition(), ...deps }: SendOptions = {},
): Promise<Prepared> {
  const prepared = await prepareBatch(definition, { ...target, mode: 'append' }, [chunkOf(rows)], deps);
  await loadPrepared(prepared, deps.client);
  return prepared;
}

/** Rows of a statement in which `$table` is the target. */
export async function rowsOf({ dataset, tableName }: Target, sql: string): Promise<Record<string, unknown>[]> {
  const { rows } = await runStatement({ name: 'test', sql: sql.replace('$table', `\`${dataset}\`.\`${tableName}\``) });
  return rows;
}

export type Sent = { method: string; path: string; body: string };

/** A client that notes what it sends: paths are below the project, those of uploads begin with `/upload`. */
export function notingClient(): { client: BigQuery; sent: Sent[] } {
  const client = createBigQuery({ projectId: env().GOOGLE_CLOUD_PROJECT, apiUrl: env().BIGQUERY_API_URL });
  const sent: Sent[] = [];
  const request = client.authClient.request.bind(client.authClient);
  client.authClient.request = async options => {
    const url = String(options.url);
    const path = `${url.includes('/upload/') ? '/upload' : ''}${url.split(`/projects/${client.projectId}`)[1]}`;
    sent.push({ method: options.method ?? 'GET', path, body: JSON.stringify(options.data ?? '') });
    return request(options);
  };
  return { client, sent };
}

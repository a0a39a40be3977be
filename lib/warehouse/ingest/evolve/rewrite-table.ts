/**
 * Writes a table anew with columns as STRING, which BigQuery does not do in place: one job replaces the table by what it
 * selects from it, so that readers see the old table or the new one. Its id stands in ingest_rewrites before it is sent.
 */
import type { BigQuery } from '@google-cloud/bigquery';
import { and, eq } from 'drizzle-orm';
import { BigQueryStatementError, bigqueryRequest } from '@/lib/platform/bigquery/bigquery';
import { runJob, settleJob } from '@/lib/platform/bigquery/bigquery-job';
import { db } from '@/lib/platform/db';
import { env } from '@/lib/platform/env';
import { newUuid } from '@/lib/platform/ids';
import { log } from '@/lib/platform/log';
import { quotedTable, updateTurn } from '@/lib/warehouse/ingest/evolve/change-columns';
import { forgetSchema, tableUri } from '@/lib/warehouse/ingest/evolve/live-schema';
import type { WidenedColumn } from '@/lib/warehouse/ingest/evolve/plan-columns';
import type { Target } from '@/lib/warehouse/ingest/spool/new-chunk';
import { ingestRewrites } from '@/lib/warehouse/ingest/tables';
import { type LiveTable, withinRate } from '@/lib/warehouse/schemas/rest';
import { standardType } from '@/lib/warehouse/schemas/types';

const rewriteTimeoutMs = 15 * 60_000;

/** A value's text as rows bring it: whole numbers without a point, instants in ISO 8601 with as many digits as they need. */
const textOf: Record<string, (name: string) => string> = {
  FLOAT64: name => `REGEXP_REPLACE(CAST(${name} AS STRING), r'\\.0$', '')`,
  TIMESTAMP: name => `REGEXP_REPLACE(FORMAT_TIMESTAMP('%Y-%m-%dT%H:%M:%E6SZ', ${name}), r'(\\.\\d{3})000Z$', r'\\1Z')`,
};

function converted({ name, from, to }: WidenedColumn): string {
  const quoted = `\`${name}\``;
  const text = to === 'STRING' ? textOf[from]?.(quoted) : undefined;
  return `${text ?? `CAST(${quoted} AS ${to})`} AS ${quoted}`;
}

/** The table's PARTITION BY, as a clause; null where a new table could not have the same. */
function partitionClause({ timePartitioning, schema }: LiveTable): string | null {
  if (!timePartitioning) return '';
  const { field, type = 'DAY' } = timePartitioning;
  const column = schema?.fields?.find(({ name }) => name === field);
  if (!field || !column) return null;
  const isTimestamp = standardType(column.type) === 'TIMESTAMP';
  if (type === 'DAY' && isTimestamp) return `PARTITION BY DATE(\`${field}\`)`;
  if (type === 'DAY' && column.type === 'DATE') return `PARTITION BY \`${field}\``;
  return isTimestamp ? `PARTITION BY TIMESTAMP_TRUNC(\`${field}\`, ${type})` : null;
}

/** True when the table is small enough and its partitions can be kept; `maxBytes` 0 = no table is. */
export const mayRewrite = (table: LiveTable, maxBytes: number): boolean =>
  maxBytes > 0 && Number(table.numBytes ?? 0) <= maxBytes && partitionClause(table) !== null;

/** The statement that writes the table anew. */
export function rewriteSql(target: Target, table: LiveTable, changes: readonly WidenedColumn[]): string {
  const byName = new Map(changes.map(change => [change.name, change]));
  const columns = (table.schema?.fields ?? []).map(({ name }) => {
    const change = byName.get(name);
    return change ? converted(change) : `\`${name}\``;
  });
  const clustering = table.clustering?.fields?.map(name => `\`${name}\``).join(', ');
  return [
    `CREATE OR REPLACE TABLE ${quotedTable(target)}`,
    partitionClause(table) ?? '',
    clustering ? `CLUSTER BY ${clustering}` : '',
    `AS SELECT ${columns.join(', ')} FROM ${quotedTable(target)}`,
  ]
    .filter(Boolean)
    .join('\n');
}

/** What a table written anew has lost of its resource, and gets back by a patch. */
type Settings = Pick<
  LiveTable,
  'description' | 'labels' | 'timePartitioning' | 'clustering' | 'requirePartitionFilter' | 'schema'
>;

function settingsAfter(table: LiveTable, changes: readonly WidenedColumn[]): Settings {
  const types = new Map<string, string>(changes.map(({ name, to }) => [name, to]));
  const fields = (table.schema?.fields ?? []).map(field => ({
    ...field,
    type: types.get(field.name) ?? field.type,
    // A new table's columns may be null, and one that may be is never made REQUIRED again.
    ...(field.mode === 'REPEATED' ? {} : { mode: 'NULLABLE' }),
  }));
  const { description, labels, timePartitioning, clustering, requirePartitionFilter } = table;
  return {
    ...(description === undefined ? {} : { description }),
    ...(labels ? { labels } : {}),
    ...(timePartitioning ? { timePartitioning } : {}),
    ...(clustering ? { clustering } : {}),
    ...(requirePartitionFilter === undefined ? {} : { requirePartitionFilter }),
    schema: { fields },
  };
}

const rewriteOf = (target: Target) =>
  and(eq(ingestRewrites.dataset, target.dataset), eq(ingestRewrites.tableName, target.tableName));

async function finish(client: BigQuery, target: Target, settings: Settings): Promise<void> {
  await updateTurn(client, target);
  try {
    await withinRate(() => bigqueryRequest(client, { method: 'PATCH', uri: tableUri(target), json: settings }));
  } catch (error) {
    // The rows are right; a description that is lost must not keep the table from being written.
    if (!(error instanceof BigQueryStatementError)) throw error;
    log().warn({ err: error, ...target }, 'settings of a table that was written anew could not be put back');
  }
  await db().delete(ingestRewrites).where(rewriteOf(target));
  forgetSchema(target);
}

/** Finishes what an earlier process began of this table, or notes that it never took effect. The caller holds the table's lock. */
export async function settleRewrite(client: BigQuery, target: Target): Promise<void> {
  const [begun] = await db().select().from(ingestRewrites).where(rewriteOf(target));
  if (!begun) return;
  const fate = await settleJob(begun.copyName, client);
  if (fate === 'succeeded') return finish(client, target, begun.columns as Settings);
  await db().delete(ingestRewrites).where(rewriteOf(target));
  forgetSchema(target);
}

/**
 * Writes the table anew with the changed columns; partitions, clustering, descriptions and labels stay. False when BigQuery
 * refuses the statement: nothing has changed then. The caller holds the table's lock. Throws BigQueryUnavailableError.
 */
export async function rewriteTable(
  client: BigQuery,
  target: Target,
  table: LiveTable,
  changes: readonly WidenedColumn[],
): Promise<boolean> {
  const jobId = `rewrite_${newUuid()}`;
  const settings = settingsAfter(table, changes);
  await db()
    .insert(ingestRewrites)
    .values({ ...target, copyName: jobId, columns: settings });
  await updateTurn(client, target);
  try {
    await runJob(
      {
        jobId,
        name: 'ingest.rewrite_table',
        sql: rewriteSql(target, table, changes),
        labels: { dataset: target.dataset },
        timeoutMs: rewriteTimeoutMs,
        maximumBytesBilled: rewriteCap(table),
      },
      client,
    );
  } catch (error) {
    if (!(error instanceof BigQueryStatementError)) throw error;
    await db().delete(ingestRewrites).where(rewriteOf(target));
    if (/accessDenied|403/.test(error.reason)) throw error;
    return false;
  }
  await finish(client, target, settings);
  return true;
}

/** What the table holds now and a tenth more: it may have grown since it was looked at. */
const rewriteCap = (table: LiveTable): number =>
  Math.max(env().BIGQUERY_MAX_BYTES_BILLED, Math.ceil(Number(table.numBytes ?? 0) * 1.1));

/** The tables as BigQuery has them, kept for 5 minutes so that a load does not ask each time. Source: docs/spec/004-event-collection.md, Key Features. */
import type { BigQuery } from '@google-cloud/bigquery';
import { LRUCache } from 'lru-cache';
import { BigQueryStatementError, bigqueryRequest } from '@/lib/platform/bigquery/bigquery';
import type { Clock } from '@/lib/platform/clock';
import { processWide } from '@/lib/platform/process-wide';
import type { LoadField } from '@/lib/warehouse/ingest/evolve/prepared';
import { type Target, tableKey } from '@/lib/warehouse/ingest/spool/new-chunk';
import { type LiveField, type LiveTable, refusedFor, withinRate } from '@/lib/warehouse/schemas/rest';
import { standardType } from '@/lib/warehouse/schemas/types';

export const schemaKeptMs = 5 * 60_000;
const mostTablesKept = 5_000;
/** Of all tables together: a table may have 10,000 of them, and what is known of one takes some 400 bytes. */
const mostColumnsKept = 100_000;

/** A table's resource and its columns by the types' present names. */
export type LiveSchema = { table: LiveTable; fields: LoadField[] };
type Kept = { schema: LiveSchema; readAt: number };

const newCache = () =>
  new LRUCache<string, Kept>({
    max: mostTablesKept,
    maxSize: mostColumnsKept,
    sizeCalculation: ({ schema }) => 1 + schema.fields.length,
  });
const kept = () => processWide('ingest-live-schemas', newCache);

/** Where a table's resource is, below the project. */
export const tableUri = ({ dataset, tableName }: Target): string => `/datasets/${dataset}/tables/${tableName}`;

const fieldOf = ({ name, type, mode, fields }: LiveField): LoadField => ({
  name,
  type: standardType(type),
  ...(mode ? { mode } : {}),
  ...(fields ? { fields: fields.map(fieldOf) } : {}),
});

/** Keeps what BigQuery just answered of the table. */
export function keepSchema(target: Target, table: LiveTable, clock: Clock): LiveSchema {
  const schema = { table, fields: (table.schema?.fields ?? []).map(fieldOf) };
  kept().set(tableKey(target), { schema, readAt: clock().getTime() });
  return schema;
}

/** Forgets what is kept of the table: the next batch asks BigQuery. For whoever hears of an unknown column. */
export function forgetSchema(target: Target): void {
  kept().delete(tableKey(target));
}

/** What is kept of the table and younger than 5 minutes. */
export function keptSchema(target: Target, clock: Clock): LiveSchema | null {
  const found = kept().get(tableKey(target));
  return found && clock().getTime() - found.readAt < schemaKeptMs ? found.schema : null;
}

/** Asks BigQuery for the table and keeps the answer; where there is none, answers BigQuery's own words. */
export async function readSchema(client: BigQuery, target: Target, clock: Clock): Promise<LiveSchema | string> {
  try {
    const table = await withinRate(() => bigqueryRequest<LiveTable>(client, { method: 'GET', uri: tableUri(target) }));
    return keepSchema(target, table, clock);
  } catch (error) {
    forgetSchema(target);
    if (error instanceof BigQueryStatementError && refusedFor(error, 'notFound', '404')) return error.message;
    throw error;
  }
}

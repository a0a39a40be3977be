/**
 * What a statement would bill on the service, where the local BigQuery counts nothing: the logical bytes of the columns
 * it names in the partitions between its bounds, at least 10 MB a table. Clustering may make it less. Sizes of types and
 * the minimum are those of BigQuery's on-demand pricing.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkoutDir } from '@/dev/stack/paths';
import { runStatement } from '@/lib/platform/bigquery/bigquery';
import { tables } from '@/lib/warehouse/rows/metadata';

/** Least that a query bills of each table. */
export const leastBilled = 10_485_760;
/** Bytes of a value; text takes two and its length. */
const fixedBytes: Record<string, number> = { TIMESTAMP: 8, INT64: 8, FLOAT64: 8, DATE: 8, BOOL: 1 };

type TableName = keyof typeof tables;
/** First and last day of the partitions read. */
export type Period = { from: string; to: string };
export type Estimate = { readBytes: number; billedBytes: number; partitions: number; tables: number };

/** The tenant's tables that a file of sql/ reads, with the columns it names of each. */
export function columnsNamed(text: string): { table: TableName; columns: string[] }[] {
  const code = text.replace(/--.*$/gm, '');
  return [...code.matchAll(/\btenant\.(\w+) AS (\w+)/g)].map(([, table = '', alias = '']) => {
    const named = [...code.matchAll(new RegExp(`\\b${alias}\\.(\\w+)`, 'g'))].map(([, column = '']) => column);
    return { table: table as TableName, columns: [...new Set(named)].sort() };
  });
}

/** SQL of the bytes of a column. */
export function sizeOf(name: string, type: string): string {
  const size = fixedBytes[type] ?? `2 + BYTE_LENGTH(${type === 'JSON' ? `TO_JSON_STRING(${name})` : name})`;
  return `SUM(IF(${name} IS NULL, 0, ${size}))`;
}

async function bytesOf(dataset: string, table: TableName, columns: string[], { from, to }: Period) {
  const { columns: types, partition } = tables[table] as (typeof tables)[TableName] & { partition: { field: string } };
  const sizes = columns.map(name => sizeOf(name, (types as Record<string, { type: string }>)[name]?.type ?? 'STRING'));
  const statement = `SELECT ${sizes.join(' + ')} AS bytes, COUNT(DISTINCT DATE(${partition.field})) AS days
    FROM ${dataset}.${table} WHERE DATE(${partition.field}) BETWEEN '${from}' AND '${to}'`;
  const [row] = (await runStatement({ name: 'bench/bytes', sql: statement, timeoutMs: 60_000 })).rows;
  return { bytes: Number(row?.bytes ?? 0), days: Number(row?.days ?? 0) };
}

/** The estimate of a file of sql/ over a period of a dataset. */
export async function estimateBytes(sqlFile: string, dataset: string, period: Period): Promise<Estimate> {
  const named = columnsNamed(readFileSync(join(checkoutDir, 'sql', sqlFile), 'utf8'));
  const estimate: Estimate = { readBytes: 0, billedBytes: 0, partitions: 0, tables: named.length };
  for (const { table, columns } of named) {
    const { bytes, days } = await bytesOf(dataset, table, columns, period);
    estimate.readBytes += bytes;
    estimate.billedBytes += Math.max(bytes, leastBilled);
    estimate.partitions += days;
  }
  return estimate;
}

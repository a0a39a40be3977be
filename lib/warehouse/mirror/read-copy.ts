/** Reads what BigQuery holds of a mirror; a dataset or table that is missing holds nothing. */

import { BigQueryStatementError } from '@/lib/platform/bigquery/bigquery';
import { readPages } from '@/lib/platform/bigquery/bigquery-pages';
import type { QueryParameters } from '@/lib/platform/bigquery/bigquery-values';
import type { RelayDeps } from '@/lib/warehouse/mirror/context';
import type { TableShape } from '@/lib/warehouse/mirror/define-mirror';
import { rangeParameters, tableName } from '@/lib/warehouse/mirror/merge-sql';
import { keyColumn } from '@/lib/warehouse/mirror/payload';

/** A whole table is read once, by staff, so it may cost more than a page's query. */
const maximumBytesBilled = 1_099_511_627_776;

export type CopyQuestion = {
  shape: TableShape;
  dataset: string;
  columns: string[];
  /** Only these keys. */
  keys?: string[];
  /** Only this customer's rows; a tenant's dataset holds no others. */
  customerId?: string | undefined;
};

function conditions({ shape, keys, customerId }: CopyQuestion): { where: string[]; parameters: QueryParameters } {
  const where: string[] = [];
  const parameters: QueryParameters = {};
  if (shape.partition) {
    where.push(`\`${shape.partition.field}\` BETWEEN @lo AND @hi`);
    Object.assign(parameters, rangeParameters(shape.partition.type, '0001-01-01', '9999-12-31'));
  }
  if (keys) {
    // Keys are texts here; the copy's may be numbers.
    where.push(`CAST(\`${keyColumn(shape)}\` AS STRING) IN UNNEST(@keys)`);
    parameters.keys = { type: 'ARRAY<STRING>', value: keys };
  }
  if (customerId && shape.dataset !== 'tenant') {
    where.push('customer_id = @customer_id');
    parameters.customer_id = { type: 'STRING', value: customerId };
  }
  return { where, parameters };
}

/** Pages of the rows asked for, in no order. Throws BigQueryStatementError, BigQueryUnavailableError. */
export async function* readCopy(deps: RelayDeps, question: CopyQuestion): AsyncGenerator<Record<string, unknown>[]> {
  const { where, parameters } = conditions(question);
  const list = question.columns.map(name => `\`${name}\``).join(', ');
  const filter = where.length > 0 ? ` WHERE ${where.join(' AND ')}` : '';
  const sql = `SELECT ${list} FROM ${tableName(question.shape, question.dataset)}${filter}`;
  try {
    yield* readPages({ name: 'relay/read-copy', sql, parameters, maximumBytesBilled }, deps.bigquery);
  } catch (error) {
    const missing = error instanceof BigQueryStatementError && ['notFound', '404'].includes(error.reason);
    if (!missing) throw error;
  }
}

export type CopyTarget = { dataset: string; customerId?: string | undefined };

/** Within whose rows keys of this target are read: a tenant's keys are unique in its own dataset only. */
export const ownerOf = (shape: TableShape, { customerId }: CopyTarget): string | null =>
  shape.dataset === 'tenant' ? (customerId ?? null) : null;

/** Where a mirror writes: its one dataset, or those of all customers, or of the one named. */
export async function targetsOf(deps: RelayDeps, shape: TableShape, customerId?: string): Promise<CopyTarget[]> {
  if (shape.dataset !== 'tenant') return [{ dataset: shape.dataset, customerId }];
  const all = await deps.listDatasets();
  return customerId ? all.filter(target => target.customerId === customerId) : all;
}

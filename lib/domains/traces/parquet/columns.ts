/** Columns of the Parquet files: those of `sessions` and `session_details` but what the loader adds, with DuckDB's types. */
import type { PricedRow } from '@/lib/domains/traces/normalize/trace-row';
import { tables } from '@/lib/warehouse/rows/metadata';

const duckDbTypes = {
  STRING: 'VARCHAR',
  INT64: 'BIGINT',
  FLOAT64: 'DOUBLE',
  BOOL: 'BOOLEAN',
  DATE: 'DATE',
  TIMESTAMP: 'TIMESTAMPTZ',
} as const;

const { id: _ofTheLoader, ...sessions } = tables.sessions.columns;
const { loaded_at: _byTheLoader, ...details } = tables.session_details.columns;

/** A column with BigQuery's type. */
export type FileColumn = { name: string; type: keyof typeof duckDbTypes };

/** In the order of a file. */
export const fileColumns: readonly FileColumn[] = Object.entries({ ...sessions, ...details }).map(
  ([name, { type }]) => ({ name, type }),
);

/** DuckDB's types by name, in that order. */
export const parquetColumns = Object.fromEntries(
  fileColumns.map(({ name, type }) => [name, duckDbTypes[type]]),
) as Record<keyof PricedRow, (typeof duckDbTypes)[keyof typeof duckDbTypes]>;

/** All columns, as a SELECT names them. */
export const allColumns = Object.keys(parquetColumns).join(', ');

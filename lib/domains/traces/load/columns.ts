/** Columns of the rows on their way: those of a Parquet file and of a stage, in one order. */
import { tables } from '@/lib/warehouse/rows/metadata';

export type ParquetColumn = { name: string; type: 'STRING' | 'INT64' | 'FLOAT64' | 'BOOL' | 'TIMESTAMP' | 'DATE' };

/** What the load adds to `sessions` and `session_details`. */
const added = ['id', 'loaded_at'];
const sessions: ParquetColumn[] = Object.entries(tables.sessions.columns).map(([name, { type }]) => ({ name, type }));
const details: ParquetColumn[] = Object.entries(tables.session_details.columns).map(([name, { type }]) => ({
  name,
  type,
}));
const shared = new Set(sessions.map(({ name }) => name));

/** The columns of a PricedRow in the order of `sessions`, then of `session_details`; a file has them in this order, since the local BigQuery goes by it. */
export const parquetColumns: readonly ParquetColumn[] = [
  ...sessions,
  ...details.filter(({ name }) => !shared.has(name)),
].filter(({ name }) => !added.includes(name));

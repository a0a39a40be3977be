/** What a consumer of the log hands on to be loaded into BigQuery. */
import type { ColumnType } from '@/lib/warehouse/ingest/column-types';
import type { LogName } from '@/lib/warehouse/ingest/log/log';

/** Names a table of BigQuery that rows go to. */
export type Target = { dataset: string; tableName: string };

/** The table's name as locks and caches know it. */
export const tableKey = ({ dataset, tableName }: Target): string => `${dataset}.${tableName}`;

/** `append` adds rows; `latest` keeps one row an id, the latest by `timestamp`; `keyed` is written as its definition says. */
export type TableMode = 'append' | 'latest' | 'keyed';

export type NewChunk = Target & {
  /** Made by the consumer, so that it can note it in its receipts. */
  chunkId: string;
  log: LogName;
  customerId: string;
  mode: TableMode;
  /** Types seen of each column, those of the table's base included. */
  columns: Record<string, ColumnType[]>;
  /** One JSON object a line, without `loaded_at`, unless keyed with `id` and `received_at`; every line ends in `}\n`. TIMESTAMP as ISO text. */
  ndjson: string;
  rows: number;
};

/** What the tables of an ingest log are made of when they are made. */
import type { BigQuery } from '@google-cloud/bigquery';
import type { ColumnType } from '@/lib/warehouse/ingest/column-types';
import type { Sending } from '@/lib/warehouse/ingest/load/sending-type';
import type { LogName } from '@/lib/warehouse/ingest/log/log';

export type BaseColumn = { name: string; type: ColumnType; description: string };

export type TableSpec = {
  description: string;
  /** Columns that the table has from its first row; all NULLABLE, as Segment's are. */
  columns: readonly BaseColumn[];
  /** At most four. Every table is partitioned by day of `received_at`. */
  clustering: readonly string[];
};

type OfLog = {
  log: LogName;
  /** Versions that rise with a load into the table, as queries name them: `tenant.sessions`. */
  versionsOf: (tableName: string) => readonly string[];
};

/** Tables that are made as their rows need them. */
export type EvolvingTables = OfLog & {
  /** The base of a table of this name. */
  specOf: (tableName: string) => TableSpec;
  /** False: no DDL; a missing table or column fails the rows with BigQuery's own error. */
  managesTables: () => boolean;
};

/** Tables of schemas/ that a domain writes in its own way; their chunks are `keyed`. */
export type FixedTables = OfLog & {
  /** How a batch gets into the table of this name; its rows are sent as they were spooled. */
  keyed: (tableName: string) => Sending;
  /** Client of the project that the tables lie in, where that is not the loader's own. */
  bigquery?: () => BigQuery;
};

/** A log as the loader knows it; all of them stand in lib/edge/worker/ingest.ts. */
export type IngestDefinition = EvolvingTables | FixedTables;

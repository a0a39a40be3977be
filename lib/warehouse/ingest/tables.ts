/**
 * Postgres tables of what machines send in volume: the log of what was taken, the spool of rows on their way to BigQuery,
 * and what is known of the tables they go to. Source: docs/architecture.md, Ingest.
 */
import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  date,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { bytes, instant, now } from '@/lib/kernel/columns';

/**
 * What was taken from senders, one row a request, in the order of `position` within its shard. Partitioned by hour of
 * `appended_at` (lib/warehouse/ingest/log makes and drops the partitions); a row is never changed.
 */
export const ingestLog = pgTable(
  'ingest_log',
  {
    /** Which log: `events`. */
    log: text('log').notNull(),
    shard: smallint('shard').notNull(),
    position: bigint('position', { mode: 'number' }).notNull(),
    appendedAt: instant('appended_at').notNull().default(now),
    /** Whose it is, as the consumer knows it: the id of an event source. */
    key: text('key').notNull(),
    /** JSON of the door: when and from where it came, which items were refused. */
    meta: text('meta').notNull(),
    /** The body as it was sent. */
    body: text('body').notNull(),
  },
  table => [primaryKey({ columns: [table.log, table.shard, table.position, table.appendedAt] })],
);

/** Up to which position of a shard a consumer has done everything; written in the transaction of what it did. */
export const ingestPositions = pgTable(
  'ingest_positions',
  {
    log: text('log').notNull(),
    shard: smallint('shard').notNull(),
    consumer: text('consumer').notNull(),
    position: bigint('position', { mode: 'number' }).notNull(),
    updatedAt: instant('updated_at').notNull().default(now),
  },
  table => [primaryKey({ columns: [table.log, table.shard, table.consumer] })],
);

/** Tables of BigQuery that rows go to. One worker writes a table at a time (lockSpaces.ingest). */
export const ingestTables = pgTable(
  'ingest_tables',
  {
    dataset: text('dataset').notNull(),
    tableName: text('table_name').notNull(),
    log: text('log').notNull(),
    /** Whose rows they are, for the versions that pages' caches follow. */
    customerId: text('customer_id').notNull(),
    /** As TableMode of lib/warehouse/ingest/spool/new-chunk.ts. */
    mode: text('mode', { enum: ['append', 'latest', 'keyed'] }).notNull(),
    /** Rows an hour of late, by which its interval is chosen. */
    rowsPerHour: integer('rows_per_hour').notNull().default(0),
    rowsLoaded: bigint('rows_loaded', { mode: 'number' }).notNull().default(0),
    firstSeenAt: instant('first_seen_at').notNull().default(now),
    lastLoadedAt: instant('last_loaded_at'),
    /** Why it cannot be written now, in BigQuery's words; null while it can. */
    blockedReason: text('blocked_reason'),
    blockedUntil: instant('blocked_until'),
    attempts: integer('attempts').notNull().default(0),
  },
  table => [primaryKey({ columns: [table.dataset, table.tableName] }), index('ingest_tables_by_log').on(table.log)],
);

/**
 * Rows of one table that one stretch of the log gave; written together with the consumer's position, so that they exist
 * exactly once. Its text goes when it is loaded, the chunk itself stays as long as receipts do.
 */
export const ingestChunks = pgTable(
  'ingest_chunks',
  {
    chunkId: text('chunk_id').primaryKey(),
    log: text('log').notNull(),
    dataset: text('dataset').notNull(),
    tableName: text('table_name').notNull(),
    rows: integer('rows').notNull(),
    bytes: integer('bytes').notNull(),
    createdAt: instant('created_at').notNull().default(now),
    /** The load that took it; null while it waits. */
    loadId: text('load_id'),
    settledAt: instant('settled_at'),
  },
  table => [
    index('ingest_chunks_waiting').on(table.dataset, table.tableName, table.createdAt).where(sql`settled_at IS NULL`),
    index('ingest_chunks_settled').on(table.settledAt),
  ],
);

/** The rows of a chunk that waits, as NDJSON under gzip, and the types seen of each column. */
export const ingestChunkBodies = pgTable('ingest_chunk_bodies', {
  chunkId: text('chunk_id').primaryKey(),
  /** `{"price":["INT64","FLOAT64"]}` */
  columns: jsonb('columns').notNull(),
  body: bytes('body').notNull(),
});

/**
 * The manifest: one row a load, written before anything is sent. Its job ids follow from it, so that whoever finds it
 * after a crash asks BigQuery what became of exactly those jobs.
 */
export const ingestLoads = pgTable(
  'ingest_loads',
  {
    loadId: text('load_id').primaryKey(),
    dataset: text('dataset').notNull(),
    tableName: text('table_name').notNull(),
    /** SENDING until its fate is known; then LOADED, or FAILED (its chunks are then in another load, or dead). */
    state: text('state', { enum: ['SENDING', 'LOADED', 'FAILED'] }).notNull(),
    /** By load jobs, or by a Storage Write stream. */
    sink: text('sink', { enum: ['load_job', 'stream'] }).notNull(),
    /** Job ids in the order of sending; of a stream its name. */
    jobIds: text('job_ids').array().notNull(),
    /** Chunks, `<chunk>` whole or `<chunk>#40` for its first 40 rows. */
    chunkIds: text('chunk_ids').array().notNull(),
    rows: integer('rows').notNull(),
    attempt: integer('attempt').notNull(),
    startedAt: instant('started_at').notNull().default(now),
    endedAt: instant('ended_at'),
    error: text('error'),
  },
  table => [
    index('ingest_loads_sending').on(table.dataset, table.tableName).where(sql`state = 'SENDING'`),
    index('ingest_loads_by_end').on(table.endedAt),
  ],
);

/** Columns of the tables as we know them, for pages and for the budget of new columns. */
export const ingestColumns = pgTable(
  'ingest_columns',
  {
    dataset: text('dataset').notNull(),
    tableName: text('table_name').notNull(),
    columnName: text('column_name').notNull(),
    /** As BigQuery names it; one that we do not make where somebody made the column by hand. */
    type: text('type').notNull(),
    firstSeenAt: instant('first_seen_at').notNull().default(now),
  },
  table => [primaryKey({ columns: [table.dataset, table.tableName, table.columnName] })],
);

/** What was changed of a table's schema, and when. */
export const ingestSchemaChanges = pgTable(
  'ingest_schema_changes',
  {
    changeId: text('change_id').primaryKey(),
    dataset: text('dataset').notNull(),
    tableName: text('table_name').notNull(),
    kind: text('kind', { enum: ['table_created', 'column_added', 'column_widened', 'table_rewritten'] }).notNull(),
    columnName: text('column_name'),
    fromType: text('from_type'),
    toType: text('to_type'),
    changedAt: instant('changed_at').notNull().default(now),
  },
  table => [index('ingest_schema_changes_by_dataset').on(table.dataset, table.changedAt)],
);

export const discardReasons = [
  'type_conflict',
  'column_budget',
  'column_burst',
  'name_too_long',
  'reserved_name',
] as const;

/** Values that no column took, one row a path and reason. */
export const ingestDiscards = pgTable(
  'ingest_discards',
  {
    discardId: text('discard_id').primaryKey(),
    dataset: text('dataset').notNull(),
    tableName: text('table_name').notNull(),
    /** The column it would have been. */
    columnName: text('column_name').notNull(),
    reason: text('reason', { enum: discardReasons }).notNull(),
    /** Type of the values, and of the column that did not take them (null where there is none). */
    valueType: text('value_type').notNull(),
    columnType: text('column_type'),
    /** Start of the latest value, at most 200 signs. */
    example: text('example').notNull(),
    count: bigint('count', { mode: 'number' }).notNull(),
    firstAt: instant('first_at').notNull(),
    lastAt: instant('last_at').notNull(),
    /** Since when a person lets this column be made although the guard held it. */
    allowedAt: instant('allowed_at'),
    allowedBy: text('allowed_by'),
  },
  table => [
    uniqueIndex('ingest_discards_by_path').on(
      table.dataset,
      table.tableName,
      table.columnName,
      table.reason,
      table.valueType,
    ),
  ],
);

/** The values themselves, as many as are kept for a replay (at most keptDiscardedValues a discard). */
export const ingestDiscardedValues = pgTable(
  'ingest_discarded_values',
  {
    discardId: text('discard_id').notNull(),
    /** `id` of the row, and its partition. */
    rowId: text('row_id').notNull(),
    receivedAt: instant('received_at').notNull(),
    /** JSON of the value. */
    value: text('value').notNull(),
    discardedAt: instant('discarded_at').notNull().default(now),
    replayedAt: instant('replayed_at'),
  },
  table => [
    primaryKey({ columns: [table.discardId, table.rowId] }),
    index('ingest_discarded_values_by_row').on(table.rowId),
    index('ingest_discarded_values_by_age').on(table.discardedAt),
  ],
);

/** Rows that BigQuery refused even alone, with its own words; replayed by hand. */
export const ingestDeadRows = pgTable(
  'ingest_dead_rows',
  {
    deadRowId: text('dead_row_id').primaryKey(),
    dataset: text('dataset').notNull(),
    tableName: text('table_name').notNull(),
    rowId: text('row_id').notNull(),
    /** The row's JSON. */
    row: text('row').notNull(),
    error: text('error').notNull(),
    loadId: text('load_id').notNull(),
    failedAt: instant('failed_at').notNull().default(now),
    replayedAt: instant('replayed_at'),
  },
  table => [
    index('ingest_dead_rows_by_dataset').on(table.dataset, table.failedAt),
    index('ingest_dead_rows_by_row').on(table.rowId),
  ],
);

/** What loading took on a UTC day, failed loads included; one budget for all that loads. */
export const ingestJobDays = pgTable('ingest_job_days', {
  day: date('day').primaryKey(),
  /** Load jobs that were sent. */
  jobs: integer('jobs').notNull().default(0),
  /** Bytes of rows that went by Storage Write streams. */
  streamBytes: bigint('stream_bytes', { mode: 'number' }).notNull().default(0),
});

/** A table that is being written anew; noted before the job is sent, so that whoever finds it asks what became of that job. */
export const ingestRewrites = pgTable(
  'ingest_rewrites',
  {
    dataset: text('dataset').notNull(),
    tableName: text('table_name').notNull(),
    /** Id of the job that writes the copy and puts it in the table's place. */
    copyName: text('copy_name').notNull(),
    /** The table's columns and settings as they are to be afterwards. */
    columns: jsonb('columns').notNull(),
    startedAt: instant('started_at').notNull().default(now),
    done: boolean('done').notNull().default(false),
  },
  table => [primaryKey({ columns: [table.dataset, table.tableName] })],
);

/** Postgres tables of the query desk: queries that were run, bytes of each day, saved queries, caps, and the views that were made. */
import { sql } from 'drizzle-orm';
import { bigint, date, index, integer, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { customerReference } from '@/lib/domains/customers/tables';
import { doors, queryStatuses } from '@/lib/domains/desk/rules';
import { instant, now } from '@/lib/kernel/columns';

const byteCount = (name: string) => bigint(name, { mode: 'number' });

/** One row a query that was sent to BigQuery, whatever became of it. Kept for historyDays days. */
export const deskQueries = pgTable(
  'desk_queries',
  {
    queryId: text('query_id').primaryKey(),
    customerId: customerReference(),
    /** Who asked, as the audit log names an actor: `user:…` or `api_key:…`. */
    askedBy: text('asked_by').notNull(),
    askedVia: text('asked_via', { enum: doors }).notNull(),
    /** The text as it was written. */
    sql: text('sql').notNull(),
    /** The text that ran: with a LIMIT where none was written. */
    executedSql: text('executed_sql').notNull(),
    /** Names of the desk's tables that it reads. */
    tables: text('tables').array().notNull(),
    status: text('status', { enum: queryStatuses }).notNull(),
    /** The job of BigQuery, whose result can be read for resultHours hours. */
    jobId: text('job_id').notNull().unique(),
    /** Of the dry run, at least what the service bills; taken from the day's budget while it runs. */
    estimatedBytes: byteCount('estimated_bytes').notNull(),
    /** maximumBytesBilled of the job. */
    capBytes: byteCount('cap_bytes').notNull(),
    /** Null until it has ended. */
    bytesBilled: byteCount('bytes_billed'),
    /** Rows that can be read; at most resultRows. */
    rowCount: integer('row_count'),
    /** Rows of the whole result. */
    totalRows: byteCount('total_rows'),
    /** Why it failed, in BigQuery's words. */
    errorMessage: text('error_message'),
    startedAt: instant('started_at').notNull(),
    endedAt: instant('ended_at'),
    /** The form or request that asked, so that a double click runs one. */
    requestToken: text('request_token'),
  },
  table => [
    index('desk_queries_by_asker').on(table.customerId, table.askedBy, table.startedAt),
    index('desk_queries_running').on(table.startedAt).where(sql`status = 'RUNNING'`),
    index('desk_queries_by_age').on(table.startedAt),
    uniqueIndex('desk_queries_by_request').on(table.customerId, table.requestToken),
  ],
);

/** Bytes that a customer's queries have billed on a UTC day, and those of the ones that run. */
export const deskDays = pgTable(
  'desk_days',
  {
    customerId: customerReference(),
    day: date('day', { mode: 'string' }).notNull(),
    bytes: byteCount('bytes').notNull(),
    queries: integer('queries').notNull(),
  },
  table => [primaryKey({ columns: [table.customerId, table.day] })],
);

/** Queries that the organization keeps by name; every member who may query reads them. */
export const deskSavedQueries = pgTable(
  'desk_saved_queries',
  {
    savedQueryId: text('saved_query_id').primaryKey(),
    customerId: customerReference(),
    queryName: text('query_name').notNull(),
    sql: text('sql').notNull(),
    createdAt: instant('created_at').notNull(),
    createdBy: text('created_by').notNull(),
    updatedAt: instant('updated_at').notNull(),
    updatedBy: text('updated_by').notNull(),
  },
  table => [uniqueIndex('desk_saved_queries_by_name').on(table.customerId, sql`lower(${table.queryName})`)],
);

/** Caps that a customer chose; null or no row = those of the process's settings, which are also the highest. */
export const deskSettings = pgTable('desk_settings', {
  customerId: customerReference().primaryKey(),
  maxBytesPerQuery: byteCount('max_bytes_per_query'),
  bytesPerDay: byteCount('bytes_per_day'),
  updatedAt: instant('updated_at').notNull(),
  updatedBy: text('updated_by').notNull(),
});

/** Caps of single keys, at most the customer's. */
export const deskKeyCaps = pgTable(
  'desk_key_caps',
  {
    apiKeyId: text('api_key_id').primaryKey(),
    customerId: customerReference(),
    maxBytesPerQuery: byteCount('max_bytes_per_query').notNull(),
    updatedAt: instant('updated_at').notNull(),
    updatedBy: text('updated_by').notNull(),
  },
  table => [index('desk_key_caps_by_customer').on(table.customerId)],
);

/** Views of the customer's desk dataset as they were last made, so that BigQuery need not be asked before each query. */
export const deskViews = pgTable(
  'desk_views',
  {
    customerId: customerReference(),
    viewName: text('view_name').notNull(),
    /** SHA-256 of the statement that made it, hexadecimal. */
    definition: text('definition').notNull(),
    madeAt: instant('made_at').notNull().default(now),
  },
  table => [primaryKey({ columns: [table.customerId, table.viewName] })],
);

export type DeskQuery = typeof deskQueries.$inferSelect;
export type SavedQuery = typeof deskSavedQueries.$inferSelect;

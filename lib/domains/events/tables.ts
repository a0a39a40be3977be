/** Postgres tables of event collection: sources and their write keys, receipts, counts. The events themselves are in BigQuery. */
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
import { customerReference } from '@/lib/domains/customers/tables';
import { callTypes, defaultRequestsPerSecond, receiptOutcomes } from '@/lib/domains/events/rules';
import { instant, now } from '@/lib/kernel/columns';

export const eventSources = pgTable(
  'event_sources',
  {
    sourceId: text('source_id').primaryKey(),
    customerId: customerReference(),
    sourceName: text('source_name').notNull(),
    /** The dataset of its tables: allocated once, never given to another source, also not after this one is gone. */
    dataset: text('dataset').notNull().unique(),
    isEnabled: boolean('is_enabled').notNull().default(true),
    /** Cut the sender's address to its network before anything is stored. */
    redactsIp: boolean('redacts_ip').notNull().default(false),
    /** Origins whose pages may send; empty = all. */
    allowedOrigins: text('allowed_origins').array().notNull().default([]),
    requestsPerSecond: integer('requests_per_second').notNull().default(defaultRequestsPerSecond),
    createdAt: instant('created_at').notNull(),
    createdBy: text('created_by').notNull(),
    updatedAt: instant('updated_at').notNull(),
    updatedBy: text('updated_by').notNull(),
    deletedAt: instant('deleted_at'),
    /** When its first event was taken; null until then. */
    firstEventAt: instant('first_event_at'),
    lastEventAt: instant('last_event_at'),
    /** The form or request that made it, so that a double click makes one. */
    requestToken: text('request_token'),
  },
  table => [
    index('event_sources_by_customer').on(table.customerId, table.createdAt),
    uniqueIndex('event_sources_by_name')
      .on(table.customerId, sql`lower(${table.sourceName})`)
      .where(sql`deleted_at IS NULL`),
    uniqueIndex('event_sources_by_request').on(table.customerId, table.requestToken),
  ],
);

/** Write keys stand in pages of browsers, so they are no secrets: whoever has one can send, and read nothing. */
export const eventWriteKeys = pgTable(
  'event_write_keys',
  {
    writeKey: text('write_key').primaryKey(),
    sourceId: text('source_id')
      .notNull()
      .references(() => eventSources.sourceId),
    createdAt: instant('created_at').notNull(),
    createdBy: text('created_by').notNull(),
    /** Until when it works after a rotation; null = until it is replaced. */
    expiresAt: instant('expires_at'),
    lastUsedAt: instant('last_used_at'),
    revokedAt: instant('revoked_at'),
  },
  table => [index('event_write_keys_by_source').on(table.sourceId)],
);

/** Events a month that a customer may send, where support gave it another number than its plan's. */
export const eventLimits = pgTable('event_limits', {
  customerId: customerReference().primaryKey(),
  maxEventsPerMonth: bigint('max_events_per_month', { mode: 'number' }).notNull(),
  updatedBy: text('updated_by').notNull(),
  updatedAt: instant('updated_at').notNull(),
});

/** Events of a customer in a UTC month; what the limit of the plan is held against. */
export const eventMonths = pgTable(
  'event_months',
  {
    customerId: text('customer_id').notNull(),
    /** First day of the UTC month. */
    month: date('month').notNull(),
    events: bigint('events', { mode: 'number' }).notNull().default(0),
    warnedAt: instant('warned_at'),
    reachedAt: instant('reached_at'),
  },
  table => [primaryKey({ columns: [table.customerId, table.month] })],
);

/** Events by source, UTC day of receipt, type and name. */
export const eventDays = pgTable(
  'event_days',
  {
    sourceId: text('source_id').notNull(),
    day: date('day').notNull(),
    type: text('type', { enum: callTypes }).notNull(),
    /** Name of a track call; '' for the others, `(other)` beyond the names that are counted. */
    event: text('event').notNull(),
    events: bigint('events', { mode: 'number' }).notNull(),
  },
  table => [primaryKey({ columns: [table.sourceId, table.day, table.type, table.event] })],
);

/**
 * What became of each call, one row an item. Partitioned by day of `recorded_at`, kept EVENT_RECEIPT_DAYS; also what tells
 * a message id that came before.
 */
export const eventReceipts = pgTable(
  'event_receipts',
  {
    sourceId: text('source_id').notNull(),
    messageId: text('message_id').notNull(),
    recordedAt: instant('recorded_at').notNull().default(now),
    receivedAt: instant('received_at').notNull(),
    outcome: text('outcome', { enum: receiptOutcomes }).notNull(),
    /** Null where the item was refused for having none. */
    type: text('type', { enum: callTypes }),
    event: text('event'),
    userId: text('user_id'),
    anonymousId: text('anonymous_id'),
    /** Why it was refused (ItemProblem[]), or which names and values were changed on the way (TransformNote[]). */
    notes: jsonb('notes'),
    /** Where its body stands in the log, while that is kept. */
    shard: smallint('shard').notNull(),
    position: bigint('position', { mode: 'number' }).notNull(),
    itemIndex: smallint('item_index').notNull(),
    /** Tables that got a row of it, and the chunks that carry those rows, in the same order. */
    tableNames: text('table_names').array().notNull(),
    chunkIds: text('chunk_ids').array().notNull(),
  },
  table => [
    index('event_receipts_by_message').on(table.sourceId, table.messageId),
    index('event_receipts_by_time').on(table.sourceId, table.recordedAt),
  ],
);

export type EventSource = typeof eventSources.$inferSelect;
export type EventWriteKey = typeof eventWriteKeys.$inferSelect;
export type EventReceipt = typeof eventReceipts.$inferSelect;

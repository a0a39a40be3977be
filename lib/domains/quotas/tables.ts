/**
 * Postgres tables of quotas: one counter row a customer decides, day rows are kept and mirrored.
 * Source: docs/architecture.md, Quota.
 */

import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  date,
  index,
  integer,
  jsonb,
  numeric,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { instant, now } from '@/lib/kernel/columns';

const day = (name: string) => date(name, { mode: 'string' });
const count = (name: string) => integer(name).notNull().default(0);
const bigCount = (name: string) => bigint(name, { mode: 'number' }).notNull().default(0);

/** What decides whether a run may start. Functions of the ledger change it, under its row lock. */
export const quotaCounters = pgTable(
  'quota_counters',
  {
    customerId: text('customer_id').primaryKey(),
    /** UTC day and first day of the UTC month that the counts are for; they never go back. */
    day: day('day').notNull(),
    month: day('month').notNull(),
    runsToday: count('runs_today'),
    runsMonth: count('runs_month'),
    /** Leases held now, across midnight. */
    running: count('running'),
    apiCallsToday: bigCount('api_calls_today'),
    apiCallsMonth: bigCount('api_calls_month'),
    dailyLimit: integer('daily_limit').notNull(),
    /** Runs a month; null is without limit. */
    monthlyLimit: integer('monthly_limit'),
    concurrentLimit: integer('concurrent_limit').notNull().default(3),
    apiCallsMonthLimit: bigint('api_calls_month_limit', { mode: 'number' }),
    warningSent: boolean('warning_sent').notNull().default(false),
    exceeded: boolean('exceeded').notNull().default(false),
    exceededAt: instant('exceeded_at'),
    /** Why no run may start: subscription_inactive or customer_suspended; null when runs may. */
    refusalReason: text('refusal_reason'),
    runsAllowed: boolean('runs_allowed').notNull().generatedAlwaysAs(sql`refusal_reason IS NULL`),
    updatedAt: instant('updated_at').notNull().default(now),
  },
  table => [
    check('quota_counters_reason', sql`${table.refusalReason} IN ('subscription_inactive', 'customer_suspended')`),
    check('quota_counters_counts', sql`${table.runsToday} >= 0 AND ${table.runsMonth} >= 0 AND ${table.running} >= 0`),
    check('quota_counters_limits', sql`${table.dailyLimit} >= 0 AND ${table.concurrentLimit} >= 0`),
  ],
);

/** One row a customer and UTC day; mirrored to customers.customer_usage_quotas. */
export const usageDays = pgTable(
  'usage_days',
  {
    /** `<customer_id>_<yyyymmdd>`, so that every writer names the same row. */
    usageId: text('usage_id').primaryKey(),
    customerId: text('customer_id').notNull(),
    usageDate: day('usage_date').notNull(),
    runs: count('pipelines_run_today'),
    failed: count('pipelines_failed_today'),
    succeeded: count('pipelines_succeeded_today'),
    cancelled: count('pipelines_cancelled_today'),
    refused: count('pipelines_refused_today'),
    runsMonth: count('pipelines_run_month'),
    running: count('concurrent_pipelines_running'),
    maxRunning: count('max_concurrent_reached'),
    dailyLimit: integer('daily_limit').notNull(),
    monthlyLimit: integer('monthly_limit'),
    concurrentLimit: integer('concurrent_limit').notNull(),
    exceeded: boolean('quota_exceeded').notNull().default(false),
    warningSent: boolean('quota_warning_sent').notNull().default(false),
    exceededAt: instant('quota_exceeded_at'),
    apiCalls: bigCount('total_api_calls_today'),
    /** Null where it was never measured. */
    storageGb: numeric('total_storage_used_gb', { precision: 10, scale: 2 }),
    lastUpdated: instant('last_updated').notNull().default(now),
    lastStartedAt: instant('last_pipeline_started_at'),
    lastCompletedAt: instant('last_pipeline_completed_at'),
    /** Calls and refusals that the row counts and BigQuery was not told of yet, and when it was told last. */
    callsUnmirrored: bigCount('calls_unmirrored'),
    refusedUnmirrored: count('refused_unmirrored'),
    callsMirroredAt: instant('calls_mirrored_at'),
  },
  table => [uniqueIndex('usage_days_by_customer').on(table.customerId, table.usageDate)],
);

/** First answers (201 only) of run starts, replayed for 24 hours to the same key with the same body. */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    customerId: text('customer_id').notNull(),
    idempotencyKey: text('idempotency_key').notNull(),
    bodyHash: text('body_hash').notNull(),
    pipelineLoggingId: uuid('pipeline_logging_id').notNull(),
    /** The counts as the first answer gave them. */
    quota: jsonb('quota').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  table => [primaryKey({ columns: [table.customerId, table.idempotencyKey] })],
);

export const quotaEventKinds = ['warning_80', 'exceeded_100'] as const;
export type QuotaEventKind = (typeof quotaEventKinds)[number];

/** Notifications due: at most one a customer, day and kind; the notifications domain sends and marks them. */
export const quotaEvents = pgTable(
  'quota_events',
  {
    customerId: text('customer_id').notNull(),
    day: day('day').notNull(),
    kind: text('kind', { enum: quotaEventKinds }).notNull(),
    runs: integer('runs').notNull(),
    dailyLimit: integer('daily_limit').notNull(),
    createdAt: instant('created_at').notNull(),
    sentAt: instant('sent_at'),
  },
  table => [
    primaryKey({ columns: [table.customerId, table.day, table.kind] }),
    index('quota_events_unsent').on(table.createdAt).where(sql`sent_at IS NULL`),
  ],
);

export type QuotaCounter = typeof quotaCounters.$inferSelect;
export type UsageDay = typeof usageDays.$inferSelect;
export type QuotaEvent = typeof quotaEvents.$inferSelect;

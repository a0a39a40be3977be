/** Postgres tables of AI traces: imports and their offsets, runs of jobs, refused lines, whose a trace is, prices, settings. The rows themselves are in BigQuery. */
import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  date,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { customerReference } from '@/lib/domains/customers/tables';
import { budgetScopes, etlJobs, etlStates } from '@/lib/domains/traces/rules';
import { instant, now } from '@/lib/kernel/columns';

/** Runs of jobs that bring traces in or change them, failed ones too; mirrored to the tenant's `etl_runs`. */
export const etlRuns = pgTable(
  'etl_runs',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    customerId: customerReference(),
    job: text('job', { enum: etlJobs }).notNull(),
    state: text('state', { enum: etlStates }).notNull(),
    startedAt: instant('started_at').notNull(),
    finishedAt: instant('finished_at'),
    /** Rows it took, or changed. */
    rowCount: bigint('row_count', { mode: 'number' }).notNull().default(0),
    refusedCount: bigint('refused_count', { mode: 'number' }).notNull().default(0),
    /** Records without a time, which got the time of receipt. */
    assumedTimes: bigint('assumed_times', { mode: 'number' }).notNull().default(0),
    /** `{ "source": "traces.jsonl", … }` */
    details: jsonb('details').notNull(),
    error: text('error'),
  },
  table => [
    index('etl_runs_by_customer').on(table.customerId, table.startedAt),
    index('etl_runs_running').on(table.customerId).where(sql`state = 'RUNNING'`),
  ],
);

/** Files on their way in: how far each was read, so that an import goes on where it ended. */
export const traceFiles = pgTable(
  'trace_files',
  {
    customerId: customerReference(),
    /** Absolute path or gs:// address; `-` is never noted. */
    location: text('location').notNull(),
    /** Tells the content: size and hash of its first bytes, or the object's generation. A file that grew goes on, another begins anew. */
    fingerprint: text('fingerprint').notNull(),
    /** Bytes of the text (after decompression) whose rows are in Parquet and BigQuery. */
    textOffset: bigint('text_offset', { mode: 'number' }).notNull().default(0),
    lines: bigint('lines', { mode: 'number' }).notNull().default(0),
    isDone: boolean('is_done').notNull().default(false),
    etlRunId: bigint('etl_run_id', { mode: 'number' }).notNull(),
    updatedAt: instant('updated_at').notNull().default(now),
  },
  table => [primaryKey({ columns: [table.customerId, table.location] })],
);

/** Lines and records that were refused, with their reason. */
export const traceDeadLetters = pgTable(
  'trace_dead_letters',
  {
    deadLetterId: text('dead_letter_id').primaryKey(),
    customerId: customerReference(),
    etlRunId: bigint('etl_run_id', { mode: 'number' }).notNull(),
    /** 1 for the first line of a file; index + 1 of a record in a request. */
    line: bigint('line', { mode: 'number' }).notNull(),
    code: text('code').notNull(),
    field: text('field').notNull(),
    /** Start of the line, at most keptLineSigns. */
    content: text('content').notNull(),
    failedAt: instant('failed_at').notNull(),
  },
  table => [index('trace_dead_letters_by_run').on(table.customerId, table.etlRunId, table.line)],
);

/** The next `id` of a customer's rows in `sessions`; loads reserve ranges. */
export const traceIds = pgTable('trace_ids', {
  customerId: customerReference().primaryKey(),
  nextId: bigint('next_id', { mode: 'number' }).notNull(),
});

/** Prices of models from a day on: the operator's book (customer null), and what a customer pays instead. Dollars per million tokens. */
export const modelPrices = pgTable(
  'model_prices',
  {
    priceId: text('price_id').primaryKey(),
    /** Null = the operator's book. */
    customerId: text('customer_id'),
    /** `anthropic`; '' = any provider. */
    provider: text('provider').notNull(),
    /** Without provider, as `claude-sonnet-4-20250514`. */
    model: text('model').notNull(),
    /** First UTC day on which it holds. */
    effectiveFrom: date('effective_from').notNull(),
    inputUsd: doublePrecision('input_usd').notNull(),
    outputUsd: doublePrecision('output_usd').notNull(),
    /** Null = as input. */
    cacheReadUsd: doublePrecision('cache_read_usd'),
    /** For 5 minutes; null = 1.25 × input. */
    cacheWriteUsd: doublePrecision('cache_write_usd'),
    /** For an hour; null = 2 × input. */
    cacheWrite1hUsd: doublePrecision('cache_write_1h_usd'),
    /** Null = as output. */
    reasoningUsd: doublePrecision('reasoning_usd'),
    /** Where it is from: `litellm` (an imported map), `manual`. */
    origin: text('origin', { enum: ['litellm', 'manual'] }).notNull(),
    createdAt: instant('created_at').notNull(),
    createdBy: text('created_by').notNull(),
  },
  table => [
    uniqueIndex('model_prices_by_model').on(
      sql`coalesce(customer_id, '')`,
      table.provider,
      table.model,
      table.effectiveFrom,
    ),
    index('model_prices_by_customer').on(table.customerId),
  ],
);

/**
 * Whose a trace is, as an earlier request told: kept a day, for spans of it that come alone. No reference to the customer, as the
 * data plane would wait for whoever holds that row.
 */
export const traceOwners = pgTable(
  'trace_owners',
  {
    customerId: text('customer_id').notNull(),
    /** 32 hexadecimal digits. */
    traceId: text('trace_id').notNull(),
    /** The first that was told; null = none yet. */
    sessionId: text('session_id'),
    developerId: text('developer_id'),
    toldAt: instant('told_at').notNull(),
  },
  table => [primaryKey({ columns: [table.customerId, table.traceId] }), index('trace_owners_by_time').on(table.toldAt)],
);

/** What a customer chose; no row = the defaults. */
export const traceSettings = pgTable('trace_settings', {
  customerId: customerReference().primaryKey(),
  /** Days that rows of sessions are kept; null = for ever. */
  keepDays: integer('keep_days'),
  updatedAt: instant('updated_at').notNull(),
  updatedBy: text('updated_by').notNull(),
});

/** What a customer means to spend on AI in a calendar month (UTC), in all or on one developer, repository or model. */
export const aiBudgets = pgTable(
  'ai_budgets',
  {
    budgetId: text('budget_id').primaryKey(),
    customerId: customerReference(),
    scope: text('scope', { enum: budgetScopes }).notNull(),
    /** As rows of sessions name it; '' where the scope is all. */
    subject: text('subject').notNull(),
    amountUsd: doublePrecision('amount_usd').notNull(),
    /** What the month came to when it was last measured. */
    spentUsd: doublePrecision('spent_usd').notNull().default(0),
    /** First day of that month; null before the first time. */
    spentMonth: date('spent_month'),
    measuredAt: instant('measured_at'),
    createdAt: instant('created_at').notNull(),
    createdBy: text('created_by').notNull(),
    updatedAt: instant('updated_at').notNull(),
    requestToken: text('request_token'),
  },
  table => [
    uniqueIndex('ai_budgets_by_subject').on(table.customerId, table.scope, table.subject),
    uniqueIndex('ai_budgets_by_request').on(table.customerId, table.requestToken),
  ],
);

export type AiBudget = typeof aiBudgets.$inferSelect;
export type EtlRun = typeof etlRuns.$inferSelect;
export type ModelPrice = typeof modelPrices.$inferSelect;

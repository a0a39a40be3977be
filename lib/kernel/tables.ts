/** The kernel's own tables: outbox, versions, audit, job runs. */
import {
  bigint,
  bigserial,
  date,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { bytes, instant, now } from '@/lib/kernel/columns';

/** Rows of Postgres that BigQuery has not got yet; the relay deletes exactly the ids it has sent. */
export const outbox = pgTable(
  'outbox',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    mirror: text('mirror').notNull(),
    key: text('key').notNull(),
    /** The row's partition value as text; it never changes for a row. */
    partitionValue: text('partition_value'),
    customerId: text('customer_id'),
    createdAt: instant('created_at').notNull().default(now),
  },
  // One index for all the relay asks: which tables wait, and the oldest changes of each.
  table => [index('outbox_by_table').on(table.mirror, table.customerId, table.id)],
);

/** Changes that BigQuery refused even alone; staff see them and retry. */
export const outboxDead = pgTable('outbox_dead', {
  id: bigint('id', { mode: 'number' }).primaryKey(),
  mirror: text('mirror').notNull(),
  key: text('key').notNull(),
  partitionValue: text('partition_value'),
  customerId: text('customer_id'),
  createdAt: instant('created_at').notNull(),
  failedAt: instant('failed_at').notNull().default(now),
  error: text('error').notNull(),
});

/** The MERGE job last sent for a mirror and dataset, whose fate is settled before the next one. */
export const mirrorJobs = pgTable(
  'mirror_jobs',
  {
    mirror: text('mirror').notNull(),
    dataset: text('dataset').notNull(),
    jobId: text('job_id').notNull(),
    outboxIds: bigint('outbox_ids', { mode: 'number' }).array().notNull(),
    startedAt: instant('started_at').notNull().default(now),
  },
  table => [primaryKey({ columns: [table.mirror, table.dataset] })],
);

/** What the mirror cost this month; customer_id '' are the tables that all customers share. */
export const mirrorSpend = pgTable('mirror_spend', {
  customerId: text('customer_id').primaryKey(),
  /** First day of the UTC month that is counted. */
  month: date('month').notNull(),
  bytesBilled: bigint('bytes_billed', { mode: 'number' }).notNull(),
  merges: bigint('merges', { mode: 'number' }).notNull(),
  lastAt: instant('last_at').notNull().default(now),
});

/** One row: when the next MERGE of any worker may begin. */
export const mirrorPace = pgTable('mirror_pace', {
  name: text('name').primaryKey(),
  nextAt: instant('next_at').notNull(),
});

/** Version of what BigQuery holds, per table and customer; customer_id '' counts every change of the table. */
export const dataVersions = pgTable(
  'data_versions',
  {
    tableName: text('table_name').notNull(),
    customerId: text('customer_id').notNull(),
    version: bigint('version', { mode: 'number' }).notNull(),
    syncedAt: instant('synced_at').notNull().default(now),
  },
  table => [primaryKey({ columns: [table.tableName, table.customerId] })],
);

/**
 * One row a command; appended only (a trigger refuses UPDATE and DELETE). Partitioned by month of occurred_at, which is
 * why its keys hold that column; sql/migrations makes the partitions, drizzle has no word for them.
 */
export const auditLog = pgTable(
  'audit_log',
  {
    auditId: text('audit_id').notNull(),
    customerId: text('customer_id'),
    /** Whose sequence this is: the customer, or `staff:<address>`, `stranger`, `system`. */
    scope: text('scope').notNull(),
    sequence: bigint('sequence', { mode: 'number' }).notNull(),
    occurrences: integer('occurrences').notNull().default(1),
    occurredAt: instant('occurred_at').notNull().default(now),
    actorType: text('actor_type').notNull(),
    actorId: text('actor_id').notNull(),
    action: text('action').notNull(),
    targetType: text('target_type').notNull(),
    targetId: text('target_id').notNull(),
    outcome: text('outcome').notNull(),
    before: jsonb('before'),
    after: jsonb('after'),
    requestId: text('request_id'),
    ipPrefix: text('ip_prefix'),
    userAgent: text('user_agent'),
  },
  table => [
    primaryKey({ columns: [table.auditId, table.occurredAt] }),
    uniqueIndex('audit_log_by_scope').on(table.scope, table.sequence, table.occurredAt),
    index('audit_log_by_customer').on(table.customerId, table.occurredAt),
  ],
);

/** Last sequence given out in a scope. */
export const auditHeads = pgTable('audit_heads', {
  scope: text('scope').primaryKey(),
  sequence: bigint('sequence', { mode: 'number' }).notNull(),
});

/** Months of the audit log that left Postgres: where their file is, and which sequences it holds, under a seal of KMS. */
export const auditArchives = pgTable('audit_archives', {
  /** `2025-10`, or `2025-10-2` for rows that came late. */
  archiveId: text('archive_id').primaryKey(),
  /** First instant of the month and of the next one. */
  fromInstant: instant('from_instant').notNull(),
  toInstant: instant('to_instant').notNull(),
  /** Address of the file: NDJSON, compressed by gzip. */
  location: text('location').notNull(),
  /** JSON text of what was archived (lib/kernel/audit/audit-checkpoint.ts); exactly these bytes are sealed. */
  statement: text('statement').notNull(),
  /** The statement's SHA-256, sealed by Cloud KMS for this row. */
  seal: bytes('seal').notNull(),
  archivedAt: instant('archived_at').notNull().default(now),
  /** When BigQuery's copy of these rows was deleted. */
  copyDeletedAt: instant('copy_deleted_at'),
});

/** Refusals of the running minute; a job turns each finished minute into one audit row. */
export const auditDenials = pgTable(
  'audit_denials',
  {
    scope: text('scope').notNull(),
    customerId: text('customer_id'),
    actorType: text('actor_type').notNull(),
    actorId: text('actor_id').notNull(),
    action: text('action').notNull(),
    minute: instant('minute').notNull(),
    occurrences: integer('occurrences').notNull().default(1),
    requestId: text('request_id'),
    ipPrefix: text('ip_prefix'),
    userAgent: text('user_agent'),
  },
  table => [primaryKey({ columns: [table.scope, table.actorType, table.actorId, table.action, table.minute] })],
);

/** Runs of scheduled jobs, with what each found. */
export const jobRuns = pgTable(
  'job_runs',
  {
    jobRunId: text('job_run_id').primaryKey(),
    job: text('job').notNull(),
    startedAt: instant('started_at').notNull().default(now),
    finishedAt: instant('finished_at'),
    outcome: text('outcome').notNull(),
    report: jsonb('report'),
    error: text('error'),
    startedBy: text('started_by').notNull(),
  },
  table => [index('job_runs_by_job').on(table.job, table.startedAt)],
);

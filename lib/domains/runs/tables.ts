/** Postgres tables of pipelines: runs with their leases, steps, data-quality results; mirrored to the tenant's dataset. */

import { sql } from 'drizzle-orm';
import { bigint, boolean, check, date, index, integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { instant, now } from '@/lib/kernel/columns';

// Milliseconds: a partition value must be the same text in Postgres, JavaScript and BigQuery.

export const runStatuses = ['PENDING', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED'] as const;
export type RunStatus = (typeof runStatuses)[number];
export const triggerTypes = ['api', 'scheduler', 'manual', 'webhook', 'retry'] as const;
export const stepStatuses = ['PENDING', 'RUNNING', 'COMPLETED', 'FAILED', 'SKIPPED'] as const;
export const checkStatuses = ['PASS', 'WARNING', 'FAIL'] as const;
/**
 * Who asked for a run: a worker by the data plane, a person in the portal, or the schedule of a provider config. An
 * `observed` run was asked for by nobody here: its orchestrator started it and told us, so it takes no quota and no slot.
 */
export const runOrigins = ['api', 'portal', 'schedule', 'observed'] as const;

/** Executions of pipelines. The row is its own audit: it is written by reserve or asked for by a person, claimed and ended once. */
export const runs = pgTable(
  'runs',
  {
    pipelineLoggingId: uuid('pipeline_logging_id').primaryKey(),
    customerId: text('customer_id').notNull(),
    pipelineId: text('pipeline_id').notNull(),
    status: text('status', { enum: runStatuses }).notNull(),
    triggerType: text('trigger_type', { enum: triggerTypes }).notNull(),
    triggerBy: text('trigger_by').notNull(),
    /** The caller as created_by columns name it: an address or `api_key:<id>`. */
    startedBy: text('started_by').notNull(),
    /** The key that asked for it. */
    apiKeyId: text('api_key_id'),
    origin: text('origin', { enum: runOrigins }).notNull().default('api'),
    /** The run it repeats. */
    rerunOf: uuid('rerun_of'),
    /** The provider config that it runs; without a foreign key, as runs stay when configs go. */
    configId: text('config_id'),
    /** The time of the schedule that it was made for. */
    scheduledFor: instant('scheduled_for'),
    /** When it was asked for. Never changes: run_details is partitioned by it. */
    createdAt: instant('created_at').notNull(),
    /** UTC day whose quota the run took, null until it is started; its outcome is counted there too. */
    runDay: date('run_day', { mode: 'string' }),
    /** Runs of quota that it took: 1 once started. */
    quotaCharge: integer('quota_charge').notNull().default(0),
    /** When it was asked for until it is claimed, from then on when it was claimed. */
    startTime: instant('start_time').notNull(),
    endTime: instant('end_time'),
    durationMs: bigint('duration_ms', { mode: 'number' }),
    configVersion: text('config_version'),
    workerInstance: text('worker_instance'),
    errorMessage: text('error_message'),
    parameters: jsonb('parameters'),
    leaseSeconds: integer('lease_seconds').notNull(),
    /** Null while it waits. */
    leaseExpiresAt: instant('lease_expires_at'),
    /** True when the reaper ended it; a late complete is refused by it. */
    leaseExpired: boolean('lease_expired').notNull().default(false),
    cancelRequestedBy: text('cancel_requested_by'),
    cancelRequestedAt: instant('cancel_requested_at'),
    /** Why the last claim was refused, as the code of the refusal. */
    pendingReason: text('pending_reason'),
    /** When it is given up if nobody has claimed it by then. */
    pendingExpiresAt: instant('pending_expires_at'),
    /** Steps and checks stored of it, so that their limit costs no count. */
    stepCount: integer('step_count').notNull().default(0),
    checkCount: integer('check_count').notNull().default(0),
    /** Checks with overall_status FAIL. */
    checksFailed: integer('checks_failed').notNull().default(0),
    /** Sum over its steps; null where none said. */
    rowsProcessed: bigint('rows_processed', { mode: 'number' }),
    /** The error without what differs from run to run, and 16 hex digits of its hash. */
    errorPattern: text('error_pattern'),
    errorFingerprint: text('error_fingerprint'),
    /** The orchestrator that reported of it, as it names itself: DBT, AIRFLOW. Null where none did, like the four below. */
    orchestrator: text('orchestrator'),
    /** The orchestrator's own names of the job and, where it is another than ours, of the run. */
    jobNamespace: text('job_namespace'),
    jobName: text('job_name'),
    orchestratorRunId: uuid('orchestrator_run_id'),
    /** A start that was reported after start_time was settled. */
    reportedStartTime: instant('reported_start_time'),
    /** Events of its orchestrator that came too late to be applied. */
    lateEvents: integer('late_events').notNull().default(0),
  },
  table => [
    check('runs_status', sql`${table.status} IN ('PENDING', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED')`),
    check('runs_origin', sql`${table.origin} IN ('api', 'portal', 'schedule', 'observed')`),
    check(
      'runs_started',
      sql`${table.status} <> 'RUNNING' OR ${table.origin} = 'observed' OR (${table.leaseExpiresAt} IS NOT NULL AND ${table.runDay} IS NOT NULL)`,
    ),
    index('runs_pending_expiry').on(table.pendingExpiresAt).where(sql`status = 'PENDING'`),
    index('runs_pending').on(table.customerId, table.createdAt, table.pipelineLoggingId).where(sql`status = 'PENDING'`),
    index('runs_by_error')
      .on(table.customerId, table.errorFingerprint, table.startTime)
      .where(sql`error_fingerprint IS NOT NULL`),
    index('runs_leases')
      .on(table.customerId, table.leaseExpiresAt)
      .where(sql`status = 'RUNNING' AND origin <> 'observed'`),
    index('runs_by_config').on(table.configId, table.createdAt).where(sql`config_id IS NOT NULL`),
    index('runs_by_customer').on(table.customerId, table.startTime, table.pipelineLoggingId),
  ],
);

export const stepLogs = pgTable(
  'step_logs',
  {
    stepLoggingId: uuid('step_logging_id').primaryKey(),
    customerId: text('customer_id').notNull(),
    pipelineLoggingId: uuid('pipeline_logging_id').notNull(),
    stepName: text('step_name').notNull(),
    stepType: text('step_type').notNull(),
    stepIndex: integer('step_index').notNull(),
    status: text('status', { enum: stepStatuses }).notNull(),
    startTime: instant('start_time').notNull(),
    endTime: instant('end_time'),
    durationMs: bigint('duration_ms', { mode: 'number' }),
    rowsProcessed: bigint('rows_processed', { mode: 'number' }),
    errorMessage: text('error_message'),
    metadata: jsonb('metadata'),
    updatedAt: instant('updated_at').notNull().default(now),
  },
  table => [index('step_logs_by_run').on(table.pipelineLoggingId)],
);

export const dqResults = pgTable(
  'dq_results',
  {
    dqResultId: uuid('dq_result_id').primaryKey(),
    customerId: text('customer_id').notNull(),
    pipelineLoggingId: uuid('pipeline_logging_id').notNull(),
    targetTable: text('target_table').notNull(),
    dqConfigId: text('dq_config_id').notNull(),
    executedAt: instant('executed_at').notNull(),
    expectationsPassed: integer('expectations_passed').notNull(),
    expectationsFailed: integer('expectations_failed').notNull(),
    failedExpectations: jsonb('failed_expectations'),
    overallStatus: text('overall_status', { enum: checkStatuses }).notNull(),
    /** UTC day of executed_at. */
    ingestionDate: date('ingestion_date', { mode: 'string' }).notNull(),
  },
  table => [index('dq_results_by_run').on(table.pipelineLoggingId)],
);

export type Run = typeof runs.$inferSelect;
export type StepLog = typeof stepLogs.$inferSelect;
export type DqResult = typeof dqResults.$inferSelect;

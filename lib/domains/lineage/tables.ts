/**
 * Postgres tables of lineage: events of OpenLineage on their way, and what is known of their runs and jobs until the events
 * can no longer change anything. What they come to stands in the tables of runs. Source: docs/lineage.md.
 */
import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { instant, now } from '@/lib/kernel/columns';
import { queueColumns, queueIndexes } from '@/lib/kernel/queue/columns';

/** An event as an item of the kernel's queue; one that arrived too late for its run is kept, but skipped. */
export const lineageWords = { waiting: 'waiting', done: 'applied', dead: 'dead', skipped: 'late' } as const;

export const eventTypes = ['START', 'RUNNING', 'COMPLETE', 'ABORT', 'FAIL', 'OTHER'] as const;
export type EventType = (typeof eventTypes)[number];
/** Event types after which nothing follows. */
export const terminalTypes = ['COMPLETE', 'ABORT', 'FAIL'] as const satisfies readonly EventType[];
export type TerminalType = (typeof terminalTypes)[number];

/** Events as they were sent: durable before the sender hears 201, applied by the worker in the transaction that ends them. */
export const lineageEvents = pgTable(
  'lineage_events',
  {
    eventId: bigint('event_id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    customerId: text('customer_id').notNull(),
    /** The run that the event is of, as its sender names it: the root's, else the parent's, else its own run id. */
    rootRunId: uuid('root_run_id').notNull(),
    /** Customer and rootRunId: two workers are never at the same one. */
    runKey: text('run_key').notNull(),
    apiKeyId: text('api_key_id').notNull(),
    /** The key as created_by columns name it. */
    sentBy: text('sent_by').notNull(),
    receivedAt: instant('received_at').notNull().default(now),
    eventTime: instant('event_time').notNull(),
    event: jsonb('event').notNull(),
    /** Length of the event's text, by which a batch is bounded. */
    bytes: integer('bytes').notNull(),
    /** Why it came too late, as a code of lib/domains/lineage/rules.ts. */
    lateReason: text('late_reason'),
    /** The run that it came too late for. */
    pipelineLoggingId: uuid('pipeline_logging_id'),
    ...queueColumns(lineageWords),
  },
  table => [
    ...queueIndexes('lineage_events', lineageWords, table, table.receivedAt),
    index('lineage_events_waiting').on(table.runKey, table.eventId).where(sql`status = 'waiting'`),
    index('lineage_events_late')
      .on(table.customerId, table.pipelineLoggingId, table.eventId)
      .where(sql`status = 'late'`),
    // Those of no run, which a new run looks for.
    index('lineage_events_unowned')
      .on(table.customerId, table.rootRunId)
      .where(sql`status = 'late' AND pipeline_logging_id IS NULL`),
    index('lineage_events_by_age').on(table.receivedAt),
  ],
);

/** One row per run that events told of; it goes when no event can change the run any more. */
export const lineageRuns = pgTable(
  'lineage_runs',
  {
    customerId: text('customer_id').notNull(),
    /** As senders name it. */
    rootRunId: uuid('root_run_id').notNull(),
    /** The run in `runs`: rootRunId itself, unless another customer's run has that id. */
    pipelineLoggingId: uuid('pipeline_logging_id').notNull(),
    /** A worker started it by POST /v1/runs; then its orchestrator only adds to it. */
    isReserved: boolean('is_reserved').notNull().default(false),
    /** The job of the run as its children name it, for a run that never reports itself. */
    rootNamespace: text('root_namespace'),
    rootName: text('root_name'),
    /** When the first and the latest event arrived here. */
    heardAt: instant('heard_at').notNull(),
    lastHeardAt: instant('last_heard_at').notNull(),
    /** Once the start is settled it never changes. */
    settledAt: instant('settled_at'),
    /** When we heard that it had ended; null while it goes on. */
    endHeardAt: instant('end_heard_at'),
    /** The job that is the run itself; null where its root has not reported. */
    ownStepId: uuid('own_step_id'),
    /** When the sweep looks at it next: to settle it, or to end it where its orchestrator went silent. Null once there is nothing to do. */
    dueAt: instant('due_at'),
    jobCount: integer('job_count').notNull().default(0),
  },
  table => [
    primaryKey({ columns: [table.customerId, table.rootRunId] }),
    index('lineage_runs_due').on(table.dueAt).where(sql`due_at IS NOT NULL`),
    index('lineage_runs_by_run').on(table.pipelineLoggingId),
    index('lineage_runs_by_age').on(table.lastHeardAt),
  ],
);

/** The run of each invocation of dbt, which sends its events anew under other run ids. */
export const lineageInvocations = pgTable(
  'lineage_invocations',
  {
    customerId: text('customer_id').notNull(),
    invocationId: text('invocation_id').notNull(),
    rootRunId: uuid('root_run_id').notNull(),
    heardAt: instant('heard_at').notNull(),
  },
  table => [
    primaryKey({ columns: [table.customerId, table.invocationId] }),
    index('lineage_invocations_by_age').on(table.heardAt),
  ],
);

/**
 * A facet with the instant and the type of the event that said it, so that the latest wins in any order. `run` is the
 * sender's run id where several may tell of the same job, as when dbt's events are sent anew: the lowest wins then.
 */
export type KeptFacet = { at: string; type: EventType; run?: string; value: unknown };
/** One assertion as a terminal event had it; what is compared of two that say the same is as with facets. */
export type KeptAssertion = {
  at: string;
  type: EventType;
  run?: string;
  /** It was not tried, which dbt tells as a failure. */
  skipped: boolean;
  value: Record<string, unknown>;
};
/** Assertions on one dataset. */
export type KeptAssertions = { namespace: string; name: string; assertions: KeptAssertion[] };

/**
 * What events said of one job within a run: of the run's own job, or of a step. Each field is merged so that any order and
 * any number of the same events come to the same row.
 */
export const lineageJobs = pgTable(
  'lineage_jobs',
  {
    /** The step's step_logging_id: derived from the run, the sender's run id (or invocation) and the job. */
    stepLoggingId: uuid('step_logging_id').primaryKey(),
    customerId: text('customer_id').notNull(),
    rootRunId: uuid('root_run_id').notNull(),
    /** The sender's run id; of several the lowest, as clients count them up with time. */
    runId: uuid('run_id').notNull(),
    namespace: text('namespace').notNull(),
    name: text('name').notNull(),
    /** It was reported under the root's own run id: it is the run itself, or a part that shares its id, as Dagster's assets do. */
    sharesRootId: boolean('shares_root_id').notNull(),
    hasDatasets: boolean('has_datasets').notNull().default(false),
    /** Its immediate parent is the run. */
    isBelowRoot: boolean('is_below_root').notNull().default(false),
    integration: text('integration'),
    heardAt: instant('heard_at').notNull(),
    /** The earliest event, and the earliest START. */
    firstEventTime: instant('first_event_time').notNull(),
    startTime: instant('start_time'),
    /** The latest event that ends it, and the run id that it came under. */
    terminalType: text('terminal_type', { enum: terminalTypes }),
    terminalTime: instant('terminal_time'),
    terminalRunId: uuid('terminal_run_id'),
    /** It failed, but all of its assertions were skipped. */
    isSkipped: boolean('is_skipped').notNull().default(false),
    rowsProcessed: bigint('rows_processed', { mode: 'number' }),
    /** Of terminal events, each once: Dagster sends an event for every check of an asset. */
    assertions: jsonb('assertions').$type<KeptAssertions[]>().notNull().default([]),
    /** Facets as `run.<name>` and `job.<name>`, and the datasets as `inputs` and `outputs`. */
    facets: jsonb('facets').$type<Record<string, KeptFacet>>().notNull().default({}),
    /** The start of its row in step_logs, which no longer changes; null until it is written. */
    storedStart: instant('stored_start'),
  },
  table => [
    check('lineage_jobs_terminal', sql`(${table.terminalType} IS NULL) = (${table.terminalTime} IS NULL)`),
    index('lineage_jobs_by_run').on(table.customerId, table.rootRunId),
  ],
);

/** Which pipeline a job is: its name with other signs as `_`, with a hash where another job had that name first. */
export const lineagePipelines = pgTable(
  'lineage_pipelines',
  {
    customerId: text('customer_id').notNull(),
    /** Hash of namespace and name, which together may be longer than a key can be. */
    jobHash: text('job_hash').notNull(),
    namespace: text('namespace').notNull(),
    name: text('name').notNull(),
    pipelineId: text('pipeline_id').notNull(),
  },
  table => [
    primaryKey({ columns: [table.customerId, table.jobHash] }),
    uniqueIndex('lineage_pipelines_once').on(table.customerId, table.pipelineId),
  ],
);

export type LineageEvent = typeof lineageEvents.$inferSelect;
export type LineageRun = typeof lineageRuns.$inferSelect;
export type LineageJob = typeof lineageJobs.$inferSelect;

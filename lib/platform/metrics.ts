/** Prometheus metrics of the process; names and help in one place. */
import { Counter, collectDefaultMetrics, Gauge, type GaugeConfiguration, Histogram, Registry } from 'prom-client';
import { forgetSample } from '@/lib/platform/measurements';
import { processWide } from '@/lib/platform/process-wide';

/** A gauge of what all processes share; no sample until something measures it (measureAtScrape). */
function sharedGauge<Label extends string>(settings: GaugeConfiguration<Label>): Gauge<Label> {
  const gauge = new Gauge(settings);
  forgetSample(gauge as Gauge<string>);
  return gauge;
}

function create() {
  const registers = [new Registry()];
  collectDefaultMetrics({ register: registers[0] as Registry });
  const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
  return {
    registry: registers[0] as Registry,
    outboxDepth: sharedGauge({
      name: 'tenantry_outbox_rows',
      help: 'Changes waiting for the mirror.',
      labelNames: ['mirror'],
      registers,
    }),
    outboxAgeSeconds: sharedGauge({
      name: 'tenantry_outbox_oldest_seconds',
      help: 'Age of the oldest waiting change.',
      registers,
    }),
    outboxDead: sharedGauge({
      name: 'tenantry_outbox_dead_rows',
      help: 'Changes set aside because BigQuery refused them.',
      registers,
    }),
    mirrorLagSeconds: new Histogram({
      name: 'tenantry_mirror_lag_seconds',
      help: 'Commit in Postgres to row in BigQuery.',
      labelNames: ['mirror'],
      buckets: [...buckets, 30, 60, 120, 300, 600, 900, 1_800],
      registers,
    }),
    mirrorTablesDeferred: new Gauge({
      name: 'tenantry_mirror_tables_deferred',
      help: 'Tables with waiting changes that this worker is not flushing: commits are gathered (gathering), for the budget (budget), more is due than the limits let through (rate), or after a failure (retry).',
      labelNames: ['reason'],
      registers,
    }),
    mirrorSpendUsd: sharedGauge({
      name: 'tenantry_mirror_spend_usd',
      help: 'What the mirror cost this month at list price.',
      registers,
    }),
    mirrorBudgetUsd: sharedGauge({
      name: 'tenantry_mirror_budget_usd',
      help: 'What the mirror may cost this month, by the tenants that report.',
      registers,
    }),
    mirrorTenantsOverCourse: sharedGauge({
      name: 'tenantry_mirror_tenants_over_course',
      help: 'Tenants whose mirror is on course above its budget, so that their tables are written less often.',
      registers,
    }),
    mirrorFlushes: new Counter({
      name: 'tenantry_mirror_flushes_total',
      help: 'MERGE statements by outcome.',
      labelNames: ['mirror', 'outcome'],
      registers,
    }),
    loads: new Counter({
      name: 'tenantry_loads_total',
      help: 'Loads of ingested rows by outcome.',
      labelNames: ['outcome'],
      registers,
    }),
    loadedRows: new Counter({
      name: 'tenantry_loaded_rows_total',
      help: 'Rows that were loaded into ingested tables.',
      registers,
    }),
    deadRows: new Counter({
      name: 'tenantry_dead_rows_total',
      help: 'Rows that BigQuery refused and that were set aside.',
      registers,
    }),
    loadTablesWaiting: new Gauge({
      name: 'tenantry_load_tables_waiting',
      help: 'Tables with rows on their way to BigQuery.',
      registers,
    }),
    loadOldestSeconds: new Gauge({
      name: 'tenantry_load_oldest_seconds',
      help: 'How long the oldest row on its way to BigQuery has waited.',
      registers,
    }),
    quotaDecisions: new Counter({
      name: 'tenantry_quota_decisions_total',
      help: 'Answers to run starts.',
      labelNames: ['decision'],
      registers,
    }),
    keyVerifications: new Counter({
      name: 'tenantry_key_verifications_total',
      help: 'Answers to key checks.',
      labelNames: ['code'],
      registers,
    }),
    bytesBilled: new Counter({
      name: 'tenantry_bigquery_bytes_billed_total',
      help: 'Bytes billed by BigQuery.',
      labelNames: ['query'],
      registers,
    }),
    deskQueries: new Counter({
      name: 'tenantry_desk_queries_total',
      help: 'Queries of the desk that ended, by what became of them and where they were asked.',
      labelNames: ['status', 'door'],
      registers,
    }),
    querySeconds: new Histogram({
      name: 'tenantry_bigquery_query_seconds',
      help: 'Duration of BigQuery statements.',
      labelNames: ['query'],
      buckets,
      registers,
    }),
    queryCache: new Counter({
      name: 'tenantry_query_cache_total',
      help: 'Reads answered from memory (hit), from memory while newer rows are loaded behind (held), or asked of BigQuery (miss); of these, given up: too many in this minute (limited), not answered in time (slow), BigQuery away (unavailable).',
      labelNames: ['outcome'],
      registers,
    }),
    analyzerSeconds: new Histogram({
      name: 'tenantry_sql_analyzer_seconds',
      help: 'Time that the SQL analyzer took for a text, once it was its turn.',
      labelNames: ['outcome'],
      buckets,
      registers,
    }),
    analyzerRestarts: new Counter({
      name: 'tenantry_sql_analyzer_restarts_total',
      help: 'Starts of the SQL analyzer after one that ended: in the middle of a text (broken), or as it had grown old (worn).',
      labelNames: ['reason'],
      registers,
    }),
    analyzerClosed: new Gauge({
      name: 'tenantry_sql_analyzer_closed',
      help: '1 while the query desk is closed because the SQL analyzer cannot be started.',
      registers,
    }),
    httpSeconds: new Histogram({
      name: 'tenantry_http_seconds',
      help: 'Duration of requests.',
      labelNames: ['route', 'status'],
      buckets,
      registers,
    }),
    limitsWithoutRedis: new Counter({
      name: 'tenantry_limits_without_redis_total',
      help: 'Requests whose limit was counted in this process because Redis did not answer.',
      registers,
    }),
    notifications: new Counter({
      name: 'tenantry_notifications_total',
      help: 'Attempts to send a message to a person, by what became of it.',
      labelNames: ['event', 'channel', 'outcome'],
      registers,
    }),
    notificationsWaiting: sharedGauge({
      name: 'tenantry_notifications_waiting',
      help: 'Messages to people that are not out yet.',
      registers,
    }),
    notificationsFailed: sharedGauge({
      name: 'tenantry_notifications_failed',
      help: 'Messages to people that were given up; `cli notifications list --failed` shows them.',
      registers,
    }),
    notificationsOldestSeconds: sharedGauge({
      name: 'tenantry_notifications_oldest_seconds',
      help: 'Age of the oldest message that is not out yet.',
      registers,
    }),
    schedulesDue: sharedGauge({
      name: 'tenantry_schedules_due',
      help: 'Provider configs whose scheduled run is due and not made.',
      registers,
    }),
    schedulesLateSeconds: sharedGauge({
      name: 'tenantry_schedules_late_seconds',
      help: 'For how long the first of them has been due.',
      registers,
    }),
    stripeWebhooks: new Counter({
      name: 'tenantry_stripe_webhooks_total',
      help: 'Deliveries of Stripe by what became of them.',
      labelNames: ['outcome'],
      registers,
    }),
    stripeEvents: new Counter({
      name: 'tenantry_stripe_events_total',
      help: 'Events of Stripe that were processed, by outcome.',
      labelNames: ['type', 'outcome'],
      registers,
    }),
    stripeEventLagSeconds: new Histogram({
      name: 'tenantry_stripe_event_lag_seconds',
      help: 'Receipt of an event to the commit of what it says.',
      buckets: [...buckets, 30, 60, 300, 3_600],
      registers,
    }),
    stripeEventsWaiting: sharedGauge({
      name: 'tenantry_stripe_events_waiting',
      help: 'Events of Stripe that are not processed yet.',
      registers,
    }),
    stripeEventsOldestSeconds: sharedGauge({
      name: 'tenantry_stripe_events_oldest_seconds',
      help: 'Age of the oldest event that is not processed yet.',
      registers,
    }),
    stripeEventsDead: sharedGauge({
      name: 'tenantry_stripe_events_dead',
      help: 'Events of Stripe that were given up; `cli billing events --dead` shows them.',
      registers,
    }),
    repositoriesDue: sharedGauge({
      name: 'tenantry_repositories_due',
      help: 'Repositories of GitHub that are due and not read yet.',
      registers,
    }),
    repositoriesLateSeconds: sharedGauge({
      name: 'tenantry_repositories_late_seconds',
      help: 'For how long the first of them has been due.',
      registers,
    }),
    repositoriesFailing: sharedGauge({
      name: 'tenantry_repositories_failing',
      help: 'Repositories that cannot be read: GitHub or we have failed for a quarter of an hour (unavailable), or their customer has to change a token or an access (refused).',
      labelNames: ['reason'],
      registers,
    }),
    lineageEventsWaiting: sharedGauge({
      name: 'tenantry_lineage_events_waiting',
      help: 'Events of orchestrators that are not applied yet.',
      registers,
    }),
    lineageEventsOldestSeconds: sharedGauge({
      name: 'tenantry_lineage_events_oldest_seconds',
      help: 'Age of the oldest event of an orchestrator that is not applied yet.',
      registers,
    }),
    lineageEventsDead: sharedGauge({
      name: 'tenantry_lineage_events_dead',
      help: 'Events of orchestrators that were given up; lineage_events.last_error says why.',
      registers,
    }),
    ingestEntries: sharedGauge({
      name: 'tenantry_ingest_entries',
      help: 'Requests of machines that were taken and not yet read by a consumer.',
      registers,
    }),
    ingestEntrySeconds: sharedGauge({
      name: 'tenantry_ingest_oldest_entry_seconds',
      help: 'Age of the oldest of them.',
      registers,
    }),
    ingestRows: sharedGauge({
      name: 'tenantry_ingest_rows',
      help: 'Rows that wait to be loaded into BigQuery.',
      registers,
    }),
    ingestRowSeconds: sharedGauge({
      name: 'tenantry_ingest_oldest_row_seconds',
      help: 'Age of the oldest of them; quiet tables are loaded hourly.',
      registers,
    }),
    ingestBlocked: sharedGauge({
      name: 'tenantry_ingest_tables_blocked',
      help: 'Tables with waiting rows that cannot be written now.',
      registers,
    }),
    jobRuns: new Counter({
      name: 'tenantry_job_runs_total',
      help: 'Runs of scheduled jobs.',
      labelNames: ['job', 'outcome'],
      registers,
    }),
  };
}

/** The metrics of this process. */
export const metrics = () => processWide('metrics', create);

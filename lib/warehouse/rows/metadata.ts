/** Rows of the tenant dataset. Generated from schemas/ by `npm run generate`; change the JSON files, not this one. */
import { type Row, rowSchema, type TableShape } from '@/lib/warehouse/schemas/table-shape';

export const tables = {
  ai_usage_days: {
    dataset: 'tenant',
    table: 'ai_usage_days',
    primaryKey: ['usage_key'],
    partition: { field: 'event_date', type: 'DATE' },
    requirePartitionFilter: false,
    columns: {
      usage_key: { type: 'STRING', mode: 'REQUIRED' },
      event_date: { type: 'DATE', mode: 'REQUIRED' },
      repo_slug: { type: 'STRING', mode: 'NULLABLE' },
      developer_id: { type: 'STRING', mode: 'NULLABLE' },
      model: { type: 'STRING', mode: 'NULLABLE' },
      provider: { type: 'STRING', mode: 'NULLABLE' },
      requests: { type: 'INT64', mode: 'REQUIRED' },
      sessions: { type: 'INT64', mode: 'REQUIRED' },
      failed: { type: 'INT64', mode: 'REQUIRED' },
      flagged: { type: 'INT64', mode: 'REQUIRED' },
      tokens_in: { type: 'INT64', mode: 'REQUIRED' },
      tokens_out: { type: 'INT64', mode: 'REQUIRED' },
      cache_read_tokens: { type: 'INT64', mode: 'REQUIRED' },
      cost_usd: { type: 'FLOAT64', mode: 'REQUIRED' },
      book_cost_usd: { type: 'FLOAT64', mode: 'REQUIRED' },
      unpriced: { type: 'INT64', mode: 'REQUIRED' },
    },
  },
  api_keys: {
    dataset: 'tenant',
    table: 'api_keys',
    primaryKey: ['api_key_id'],
    partition: null,
    requirePartitionFilter: false,
    columns: {
      api_key_id: { type: 'STRING', mode: 'REQUIRED' },
      tenant_id: { type: 'STRING', mode: 'REQUIRED' },
      api_key_hash: { type: 'STRING', mode: 'REQUIRED' },
      created_at: { type: 'TIMESTAMP', mode: 'REQUIRED' },
      created_by: { type: 'STRING', mode: 'NULLABLE' },
      expires_at: { type: 'TIMESTAMP', mode: 'NULLABLE' },
      is_active: { type: 'BOOL', mode: 'REQUIRED' },
      last_used_at: { type: 'TIMESTAMP', mode: 'NULLABLE' },
      description: { type: 'STRING', mode: 'NULLABLE' },
    },
  },
  commits: {
    dataset: 'tenant',
    table: 'commits',
    primaryKey: ['sha'],
    partition: { field: 'timestamp', type: 'TIMESTAMP' },
    requirePartitionFilter: false,
    columns: {
      sha: { type: 'STRING', mode: 'REQUIRED' },
      author: { type: 'STRING', mode: 'NULLABLE' },
      timestamp: { type: 'TIMESTAMP', mode: 'REQUIRED' },
    },
  },
  dq_results: {
    dataset: 'tenant',
    table: 'dq_results',
    primaryKey: ['dq_result_id'],
    partition: { field: 'ingestion_date', type: 'DATE' },
    requirePartitionFilter: true,
    columns: {
      dq_result_id: { type: 'STRING', mode: 'REQUIRED' },
      pipeline_logging_id: { type: 'STRING', mode: 'REQUIRED' },
      tenant_id: { type: 'STRING', mode: 'REQUIRED' },
      target_table: { type: 'STRING', mode: 'REQUIRED' },
      dq_config_id: { type: 'STRING', mode: 'REQUIRED' },
      executed_at: { type: 'TIMESTAMP', mode: 'REQUIRED' },
      expectations_passed: { type: 'INT64', mode: 'REQUIRED' },
      expectations_failed: { type: 'INT64', mode: 'REQUIRED' },
      failed_expectations: { type: 'JSON', mode: 'NULLABLE' },
      overall_status: { type: 'STRING', mode: 'REQUIRED' },
      ingestion_date: { type: 'DATE', mode: 'REQUIRED' },
    },
  },
  etag_state: {
    dataset: 'tenant',
    table: 'etag_state',
    primaryKey: ['endpoint'],
    partition: null,
    requirePartitionFilter: false,
    columns: {
      endpoint: { type: 'STRING', mode: 'REQUIRED' },
      etag: { type: 'STRING', mode: 'NULLABLE' },
      last_modified: { type: 'STRING', mode: 'NULLABLE' },
      last_synced: { type: 'TIMESTAMP', mode: 'NULLABLE' },
    },
  },
  etl_runs: {
    dataset: 'tenant',
    table: 'etl_runs',
    primaryKey: ['id'],
    partition: { field: 'started_at', type: 'TIMESTAMP' },
    requirePartitionFilter: false,
    columns: {
      id: { type: 'INT64', mode: 'REQUIRED' },
      job: { type: 'STRING', mode: 'REQUIRED' },
      started_at: { type: 'TIMESTAMP', mode: 'REQUIRED' },
      finished_at: { type: 'TIMESTAMP', mode: 'NULLABLE' },
      row_count: { type: 'INT64', mode: 'NULLABLE' },
      details: { type: 'JSON', mode: 'NULLABLE' },
    },
  },
  pipeline_runs: {
    dataset: 'tenant',
    table: 'pipeline_runs',
    primaryKey: ['pipeline_logging_id'],
    partition: { field: 'start_time', type: 'TIMESTAMP' },
    requirePartitionFilter: false,
    columns: {
      pipeline_logging_id: { type: 'STRING', mode: 'REQUIRED' },
      pipeline_id: { type: 'STRING', mode: 'REQUIRED' },
      tenant_id: { type: 'STRING', mode: 'REQUIRED' },
      status: { type: 'STRING', mode: 'REQUIRED' },
      trigger_type: { type: 'STRING', mode: 'REQUIRED' },
      trigger_by: { type: 'STRING', mode: 'REQUIRED' },
      start_time: { type: 'TIMESTAMP', mode: 'REQUIRED' },
      end_time: { type: 'TIMESTAMP', mode: 'NULLABLE' },
      duration_ms: { type: 'INT64', mode: 'NULLABLE' },
      config_version: { type: 'STRING', mode: 'NULLABLE' },
      worker_instance: { type: 'STRING', mode: 'NULLABLE' },
      error_message: { type: 'STRING', mode: 'NULLABLE' },
      parameters: { type: 'JSON', mode: 'NULLABLE' },
    },
  },
  pull_request_details: {
    dataset: 'tenant',
    table: 'pull_request_details',
    primaryKey: ['id'],
    partition: { field: 'created_at', type: 'TIMESTAMP' },
    requirePartitionFilter: false,
    columns: {
      id: { type: 'INT64', mode: 'REQUIRED' },
      created_at: { type: 'TIMESTAMP', mode: 'REQUIRED' },
      repository_id: { type: 'STRING', mode: 'REQUIRED' },
      repo_names: { type: 'STRING', mode: 'REPEATED' },
      closed_at: { type: 'TIMESTAMP', mode: 'NULLABLE' },
      is_draft: { type: 'BOOL', mode: 'REQUIRED' },
      branch: { type: 'STRING', mode: 'NULLABLE' },
      base_branch: { type: 'STRING', mode: 'NULLABLE' },
      merge_commit_sha: { type: 'STRING', mode: 'NULLABLE' },
      commit_count: { type: 'INT64', mode: 'REQUIRED' },
      co_authors: { type: 'STRING', mode: 'REPEATED' },
    },
  },
  pull_requests: {
    dataset: 'tenant',
    table: 'pull_requests',
    primaryKey: ['id'],
    partition: { field: 'created_at', type: 'TIMESTAMP' },
    requirePartitionFilter: false,
    columns: {
      id: { type: 'INT64', mode: 'REQUIRED' },
      number: { type: 'INT64', mode: 'REQUIRED' },
      title: { type: 'STRING', mode: 'NULLABLE' },
      author: { type: 'STRING', mode: 'NULLABLE' },
      state: { type: 'STRING', mode: 'NULLABLE' },
      created_at: { type: 'TIMESTAMP', mode: 'REQUIRED' },
      merged_at: { type: 'TIMESTAMP', mode: 'NULLABLE' },
      updated_at: { type: 'TIMESTAMP', mode: 'NULLABLE' },
      reopened: { type: 'INT64', mode: 'NULLABLE' },
      repo_slug: { type: 'STRING', mode: 'REQUIRED' },
    },
  },
  run_details: {
    dataset: 'tenant',
    table: 'run_details',
    primaryKey: ['pipeline_logging_id'],
    partition: { field: 'created_at', type: 'TIMESTAMP' },
    requirePartitionFilter: false,
    columns: {
      pipeline_logging_id: { type: 'STRING', mode: 'REQUIRED' },
      tenant_id: { type: 'STRING', mode: 'REQUIRED' },
      created_at: { type: 'TIMESTAMP', mode: 'REQUIRED' },
      created_by: { type: 'STRING', mode: 'REQUIRED' },
      api_key_id: { type: 'STRING', mode: 'NULLABLE' },
      origin: { type: 'STRING', mode: 'REQUIRED' },
      rerun_of: { type: 'STRING', mode: 'NULLABLE' },
      config_id: { type: 'STRING', mode: 'NULLABLE' },
      scheduled_for: { type: 'TIMESTAMP', mode: 'NULLABLE' },
      quota_day: { type: 'DATE', mode: 'NULLABLE' },
      quota_charge: { type: 'INT64', mode: 'REQUIRED' },
      lease_expired: { type: 'BOOL', mode: 'REQUIRED' },
      cancel_requested_by: { type: 'STRING', mode: 'NULLABLE' },
      cancel_requested_at: { type: 'TIMESTAMP', mode: 'NULLABLE' },
      pending_reason: { type: 'STRING', mode: 'NULLABLE' },
      step_count: { type: 'INT64', mode: 'REQUIRED' },
      check_count: { type: 'INT64', mode: 'REQUIRED' },
      checks_failed: { type: 'INT64', mode: 'REQUIRED' },
      rows_processed: { type: 'INT64', mode: 'NULLABLE' },
      error_pattern: { type: 'STRING', mode: 'NULLABLE' },
      error_fingerprint: { type: 'STRING', mode: 'NULLABLE' },
      orchestrator: { type: 'STRING', mode: 'NULLABLE' },
      job_namespace: { type: 'STRING', mode: 'NULLABLE' },
      job_name: { type: 'STRING', mode: 'NULLABLE' },
      orchestrator_run_id: { type: 'STRING', mode: 'NULLABLE' },
      reported_start_time: { type: 'TIMESTAMP', mode: 'NULLABLE' },
      late_events: { type: 'INT64', mode: 'NULLABLE' },
    },
  },
  session_details: {
    dataset: 'tenant',
    table: 'session_details',
    primaryKey: ['trace_hash'],
    partition: { field: 'event_date', type: 'DATE' },
    requirePartitionFilter: false,
    columns: {
      trace_hash: { type: 'STRING', mode: 'REQUIRED' },
      event_date: { type: 'DATE', mode: 'REQUIRED' },
      source: { type: 'STRING', mode: 'REQUIRED' },
      provider: { type: 'STRING', mode: 'NULLABLE' },
      operation: { type: 'STRING', mode: 'NULLABLE' },
      trace_id: { type: 'STRING', mode: 'NULLABLE' },
      span_id: { type: 'STRING', mode: 'NULLABLE' },
      branch: { type: 'STRING', mode: 'NULLABLE' },
      team: { type: 'STRING', mode: 'NULLABLE' },
      tags: { type: 'STRING', mode: 'NULLABLE' },
      cache_read_tokens: { type: 'INT64', mode: 'REQUIRED' },
      cache_write_tokens: { type: 'INT64', mode: 'REQUIRED' },
      cache_write_1h_tokens: { type: 'INT64', mode: 'REQUIRED' },
      reasoning_tokens: { type: 'INT64', mode: 'REQUIRED' },
      reported_cost_usd: { type: 'FLOAT64', mode: 'NULLABLE' },
      book_cost_usd: { type: 'FLOAT64', mode: 'NULLABLE' },
      price_id: { type: 'STRING', mode: 'NULLABLE' },
      from_cache: { type: 'BOOL', mode: 'REQUIRED' },
      is_stream: { type: 'BOOL', mode: 'REQUIRED' },
      first_token_ms: { type: 'FLOAT64', mode: 'NULLABLE' },
      error_code: { type: 'STRING', mode: 'NULLABLE' },
      error_message: { type: 'STRING', mode: 'NULLABLE' },
      timestamp_assumed: { type: 'BOOL', mode: 'REQUIRED' },
      received_at: { type: 'TIMESTAMP', mode: 'REQUIRED' },
      loaded_at: { type: 'TIMESTAMP', mode: 'REQUIRED' },
    },
  },
  sessions: {
    dataset: 'tenant',
    table: 'sessions',
    primaryKey: ['trace_hash'],
    partition: { field: 'event_date', type: 'DATE' },
    requirePartitionFilter: false,
    columns: {
      id: { type: 'INT64', mode: 'REQUIRED' },
      session_id: { type: 'STRING', mode: 'NULLABLE' },
      developer_id: { type: 'STRING', mode: 'NULLABLE' },
      timestamp: { type: 'TIMESTAMP', mode: 'REQUIRED' },
      model: { type: 'STRING', mode: 'NULLABLE' },
      tokens_in: { type: 'INT64', mode: 'REQUIRED' },
      tokens_out: { type: 'INT64', mode: 'REQUIRED' },
      latency_ms: { type: 'FLOAT64', mode: 'REQUIRED' },
      status_code: { type: 'INT64', mode: 'NULLABLE' },
      accepted_flag: { type: 'INT64', mode: 'REQUIRED' },
      repo_slug: { type: 'STRING', mode: 'NULLABLE' },
      event_date: { type: 'DATE', mode: 'REQUIRED' },
      total_tokens: { type: 'INT64', mode: 'REQUIRED' },
      cost_usd: { type: 'FLOAT64', mode: 'REQUIRED' },
      diff_ratio: { type: 'FLOAT64', mode: 'NULLABLE' },
      accepted_lines: { type: 'INT64', mode: 'NULLABLE' },
      trace_hash: { type: 'STRING', mode: 'REQUIRED' },
    },
  },
  step_logs: {
    dataset: 'tenant',
    table: 'step_logs',
    primaryKey: ['step_logging_id'],
    partition: { field: 'start_time', type: 'TIMESTAMP' },
    requirePartitionFilter: true,
    columns: {
      step_logging_id: { type: 'STRING', mode: 'REQUIRED' },
      pipeline_logging_id: { type: 'STRING', mode: 'REQUIRED' },
      step_name: { type: 'STRING', mode: 'REQUIRED' },
      step_type: { type: 'STRING', mode: 'REQUIRED' },
      step_index: { type: 'INT64', mode: 'REQUIRED' },
      status: { type: 'STRING', mode: 'REQUIRED' },
      start_time: { type: 'TIMESTAMP', mode: 'REQUIRED' },
      end_time: { type: 'TIMESTAMP', mode: 'NULLABLE' },
      duration_ms: { type: 'INT64', mode: 'NULLABLE' },
      rows_processed: { type: 'INT64', mode: 'NULLABLE' },
      error_message: { type: 'STRING', mode: 'NULLABLE' },
      metadata: { type: 'JSON', mode: 'NULLABLE' },
    },
  },
} as const satisfies Record<string, TableShape>;

/** AI usage by UTC day, repository, developer and model, of days whose rows in sessions were removed by the customer's retention. */
export const aiUsageDaysRow = rowSchema(tables.ai_usage_days);
export type AiUsageDaysRow = Row<typeof tables.ai_usage_days>;

/** The tenant's API keys without any secret: a projection of customers.customer_api_keys. */
export const apiKeysRow = rowSchema(tables.api_keys);
export type ApiKeysRow = Row<typeof tables.api_keys>;

/** One row per commit of the connected GitHub repositories, exactly the columns of the document of AI traces. */
export const commitsRow = rowSchema(tables.commits);
export type CommitsRow = Row<typeof tables.commits>;

/** One row per data quality check of a table. */
export const dqResultsRow = rowSchema(tables.dq_results);
export type DqResultsRow = Row<typeof tables.dq_results>;

/** One row per question to GitHub whose answer is stored whole, exactly the columns of the document of AI traces. */
export const etagStateRow = rowSchema(tables.etag_state);
export type EtagStateRow = Row<typeof tables.etag_state>;

/** One row per run of a job that brings data in, exactly the columns of the document of AI traces; failed runs too. */
export const etlRunsRow = rowSchema(tables.etl_runs);
export type EtlRunsRow = Row<typeof tables.etl_runs>;

/** One row per execution of a pipeline, from its start to its end. */
export const pipelineRunsRow = rowSchema(tables.pipeline_runs);
export type PipelineRunsRow = Row<typeof tables.pipeline_runs>;

/** What is ours of a pull request, one row beside its row in pull_requests: branches, commits, the names of its repository. */
export const pullRequestDetailsRow = rowSchema(tables.pull_request_details);
export type PullRequestDetailsRow = Row<typeof tables.pull_request_details>;

/** One row per pull request of the connected GitHub repositories: the columns of the document of AI traces, and the repository. */
export const pullRequestsRow = rowSchema(tables.pull_requests);
export type PullRequestsRow = Row<typeof tables.pull_requests>;

/** One row per run, beside its row in pipeline_runs: who asked for it, what quota it took, totals of what was reported and its kind of error. */
export const runDetailsRow = rowSchema(tables.run_details);
export type RunDetailsRow = Row<typeof tables.run_details>;

/** What is ours of a request to an AI model, one row beside its row in sessions: provider, kinds of tokens, book price, where it came from. */
export const sessionDetailsRow = rowSchema(tables.session_details);
export type SessionDetailsRow = Row<typeof tables.session_details>;

/** One row per request to an AI model, exactly the columns of the document of AI traces. */
export const sessionsRow = rowSchema(tables.sessions);
export type SessionsRow = Row<typeof tables.sessions>;

/** One row per step of a pipeline execution. */
export const stepLogsRow = rowSchema(tables.step_logs);
export type StepLogsRow = Row<typeof tables.step_logs>;

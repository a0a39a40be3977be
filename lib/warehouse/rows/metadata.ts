/** Rows of the tenant dataset. Generated from schemas/ by `npm run generate`; change the JSON files, not this one. */
import { type Row, rowSchema, type TableShape } from '@/lib/warehouse/schemas/table-shape';

export const tables = {
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

/** The tenant's API keys without any secret: a projection of customers.customer_api_keys. */
export const apiKeysRow = rowSchema(tables.api_keys);
export type ApiKeysRow = Row<typeof tables.api_keys>;

/** One row per data quality check of a table. */
export const dqResultsRow = rowSchema(tables.dq_results);
export type DqResultsRow = Row<typeof tables.dq_results>;

/** One row per execution of a pipeline, from its start to its end. */
export const pipelineRunsRow = rowSchema(tables.pipeline_runs);
export type PipelineRunsRow = Row<typeof tables.pipeline_runs>;

/** One row per run, beside its row in pipeline_runs: who asked for it, what quota it took, totals of what was reported and its kind of error. */
export const runDetailsRow = rowSchema(tables.run_details);
export type RunDetailsRow = Row<typeof tables.run_details>;

/** One row per step of a pipeline execution. */
export const stepLogsRow = rowSchema(tables.step_logs);
export type StepLogsRow = Row<typeof tables.step_logs>;

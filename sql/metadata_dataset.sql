-- Which tables hold one customer's runs: each tenant dataset, written `tenant` here.
-- Generated from schemas/ by `npm run generate`; change the JSON files, not this one.
-- Policy tags, views and grants are applied by `npm run cli -- schemas security apply`.

CREATE TABLE IF NOT EXISTS tenant.api_keys (
  `api_key_id` STRING NOT NULL OPTIONS (description = 'Unique identifier of the key.'),
  `tenant_id` STRING NOT NULL OPTIONS (description = 'Tenant the row belongs to; equal to customers.customer_profiles.customer_id.'),
  `api_key_hash` STRING NOT NULL OPTIONS (description = 'SHA-256 of the key in lower-case hexadecimal; never the key itself.'),
  `created_at` TIMESTAMP NOT NULL OPTIONS (description = 'When the key was created, UTC.'),
  `created_by` STRING OPTIONS (description = 'Person or service that created the key.'),
  `expires_at` TIMESTAMP OPTIONS (description = 'When the key stops working, UTC. NULL means never.'),
  `is_active` BOOL NOT NULL OPTIONS (description = 'Whether the key is active now.'),
  `last_used_at` TIMESTAMP OPTIONS (description = 'Latest successful authentication, UTC. NULL means never used.'),
  `description` STRING OPTIONS (description = 'Label or purpose in the words of its owner.'),
  PRIMARY KEY (api_key_id) NOT ENFORCED
)
OPTIONS (
  description = 'The tenant\'s API keys without any secret: a projection of customers.customer_api_keys. Reference data, so neither partitioned nor clustered, and never expired.',
  labels = [('tier', 'critical')]
);

CREATE TABLE IF NOT EXISTS tenant.dq_results (
  `dq_result_id` STRING NOT NULL OPTIONS (description = 'Unique UUID of this check.'),
  `pipeline_logging_id` STRING NOT NULL OPTIONS (description = 'Run that made the check; refers to pipeline_runs.'),
  `tenant_id` STRING NOT NULL OPTIONS (description = 'Tenant the row belongs to; equal to customers.customer_profiles.customer_id.'),
  `target_table` STRING NOT NULL OPTIONS (description = 'Table that was checked, as project.dataset.table.'),
  `dq_config_id` STRING NOT NULL OPTIONS (description = 'Configuration or suite of expectations that was applied.'),
  `executed_at` TIMESTAMP NOT NULL OPTIONS (description = 'When the check ran, UTC.'),
  `expectations_passed` INT64 NOT NULL OPTIONS (description = 'How many expectations held.'),
  `expectations_failed` INT64 NOT NULL OPTIONS (description = 'How many expectations did not hold.'),
  `failed_expectations` JSON OPTIONS (description = 'Details of the expectations that failed, as a JSON array. NULL if none did.'),
  `overall_status` STRING NOT NULL OPTIONS (description = 'Outcome as the checker judged it: PASS, WARNING or FAIL.'),
  `ingestion_date` DATE NOT NULL OPTIONS (description = 'UTC day of executed_at. Partition column.'),
  PRIMARY KEY (dq_result_id) NOT ENFORCED
)
PARTITION BY ingestion_date
CLUSTER BY tenant_id, target_table, overall_status
OPTIONS (
  description = 'One row per data quality check of a table. Append only. Queries must bound ingestion_date. Rows are kept without expiration.',
  labels = [('tier', 'core')],
  require_partition_filter = TRUE
);

CREATE TABLE IF NOT EXISTS tenant.pipeline_runs (
  `pipeline_logging_id` STRING NOT NULL OPTIONS (description = 'Unique UUID of this execution of the pipeline.'),
  `pipeline_id` STRING NOT NULL OPTIONS (description = 'Identifier of the pipeline, equal to the name of its YAML file.'),
  `tenant_id` STRING NOT NULL OPTIONS (description = 'Tenant the row belongs to; equal to customers.customer_profiles.customer_id.'),
  `status` STRING NOT NULL OPTIONS (description = 'State of the run: PENDING, RUNNING, COMPLETED or FAILED. A cancelled run is FAILED with an error_message that begins with "cancelled:".'),
  `trigger_type` STRING NOT NULL OPTIONS (description = 'How the run was started: api, scheduler, manual, webhook or retry.'),
  `trigger_by` STRING NOT NULL OPTIONS (description = 'Who or what started the run: an email address, a key identifier or the name of a schedule.'),
  `start_time` TIMESTAMP NOT NULL OPTIONS (description = 'When the run started, UTC. Partition column.'),
  `end_time` TIMESTAMP OPTIONS (description = 'When the run ended, UTC. NULL while it runs.'),
  `duration_ms` INT64 OPTIONS (description = 'Time from start to end in milliseconds. NULL while it runs.'),
  `config_version` STRING OPTIONS (description = 'Version or Git commit of the pipeline configuration.'),
  `worker_instance` STRING OPTIONS (description = 'Worker, pod or machine that executed the run.'),
  `error_message` STRING OPTIONS (description = 'What went wrong. NULL unless the run failed.'),
  `parameters` JSON OPTIONS (description = 'Parameters the run was started with, as a JSON object, for example {"date": "2025-11-15", "batch_size": 1000}.'),
  PRIMARY KEY (pipeline_logging_id) NOT ENFORCED
)
PARTITION BY DATE(start_time)
CLUSTER BY tenant_id, pipeline_id, status
OPTIONS (
  description = 'One row per execution of a pipeline, from its start to its end. Rows are kept without expiration.',
  labels = [('tier', 'core')]
);

CREATE TABLE IF NOT EXISTS tenant.step_logs (
  `step_logging_id` STRING NOT NULL OPTIONS (description = 'Unique UUID of this execution of the step.'),
  `pipeline_logging_id` STRING NOT NULL OPTIONS (description = 'Run the step belongs to; refers to pipeline_runs.'),
  `step_name` STRING NOT NULL OPTIONS (description = 'Identifier of the step in the pipeline YAML (step_id).'),
  `step_type` STRING NOT NULL OPTIONS (description = 'Kind of step: bigquery_to_bigquery, data_quality, api_call or another word; the list is open.'),
  `step_index` INT64 NOT NULL OPTIONS (description = 'Position of the step in the pipeline, counted from zero.'),
  `status` STRING NOT NULL OPTIONS (description = 'State of the step: PENDING, RUNNING, COMPLETED, FAILED or SKIPPED.'),
  `start_time` TIMESTAMP NOT NULL OPTIONS (description = 'When the step started or was skipped, UTC. Partition column.'),
  `end_time` TIMESTAMP OPTIONS (description = 'When the step ended, UTC. NULL while it runs.'),
  `duration_ms` INT64 OPTIONS (description = 'Time from start to end in milliseconds. NULL while it runs.'),
  `rows_processed` INT64 OPTIONS (description = 'Rows the step processed or wrote. NULL if it does not count them.'),
  `error_message` STRING OPTIONS (description = 'What went wrong. NULL unless the step failed.'),
  `metadata` JSON OPTIONS (description = 'Details of this kind of step, as a JSON object, for example {"destination_table": "d.t", "bytes_processed": 12345678, "query_cost_usd": 0.05}.'),
  PRIMARY KEY (step_logging_id) NOT ENFORCED
)
PARTITION BY DATE(start_time)
CLUSTER BY pipeline_logging_id, status
OPTIONS (
  description = 'One row per step of a pipeline execution. Queries must bound start_time. Rows are kept without expiration.',
  labels = [('tier', 'core')],
  require_partition_filter = TRUE
);

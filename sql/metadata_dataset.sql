-- Which tables hold one customer's runs: each tenant dataset, written `tenant` here.
-- Generated from schemas/ by `npm run generate`; change the JSON files, not this one.
-- Policy tags, views and grants are applied by `npm run cli -- schemas security apply`.

CREATE TABLE IF NOT EXISTS tenant.ai_usage_days (
  `usage_key` STRING NOT NULL OPTIONS (description = 'Hash of day, repository, developer, model and provider.'),
  `event_date` DATE NOT NULL OPTIONS (description = 'UTC day. Partition column.'),
  `repo_slug` STRING OPTIONS (description = 'Repository as owner/name. NULL where none was sent.'),
  `developer_id` STRING OPTIONS (description = 'Developer. NULL where none was sent.'),
  `model` STRING OPTIONS (description = 'Model. NULL where none was sent.'),
  `provider` STRING OPTIONS (description = 'Provider. NULL where it is not known.'),
  `requests` INT64 NOT NULL OPTIONS (description = 'Requests to the model.'),
  `sessions` INT64 NOT NULL OPTIONS (description = 'Different sessions of the day.'),
  `failed` INT64 NOT NULL OPTIONS (description = 'Requests that failed.'),
  `flagged` INT64 NOT NULL OPTIONS (description = 'Requests whose suggestion was accepted.'),
  `tokens_in` INT64 NOT NULL OPTIONS (description = 'Input tokens.'),
  `tokens_out` INT64 NOT NULL OPTIONS (description = 'Output tokens.'),
  `cache_read_tokens` INT64 NOT NULL OPTIONS (description = 'Input tokens read from a cache.'),
  `cost_usd` FLOAT64 NOT NULL OPTIONS (description = 'Cost by the document\'s price table in US dollars.'),
  `book_cost_usd` FLOAT64 NOT NULL OPTIONS (description = 'Cost by the price book in US dollars, of the requests that have a price.'),
  `unpriced` INT64 NOT NULL OPTIONS (description = 'Requests without a book price.'),
  PRIMARY KEY (usage_key) NOT ENFORCED
)
PARTITION BY event_date
CLUSTER BY repo_slug, developer_id, model
OPTIONS (
  description = 'AI usage by UTC day, repository, developer and model, of days whose rows in sessions were removed by the customer\'s retention. Kept for ever.',
  labels = [('tier', 'core')]
);

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

CREATE TABLE IF NOT EXISTS tenant.commits (
  `sha` STRING NOT NULL OPTIONS (description = 'Hash of the commit.'),
  `author` STRING OPTIONS (description = 'Login of the author, else the name in the commit. NULL where there is none.'),
  `timestamp` TIMESTAMP NOT NULL OPTIONS (description = 'When it was committed, UTC. Partition column.'),
  PRIMARY KEY (sha) NOT ENFORCED
)
PARTITION BY DATE(timestamp)
OPTIONS (
  description = 'One row per commit of the connected GitHub repositories, exactly the columns of the document of AI traces. Rows are kept without expiration, also where a force-push dropped the commit.',
  labels = [('tier', 'core'), ('schema_version', 'v1-2')]
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

CREATE TABLE IF NOT EXISTS tenant.etag_state (
  `endpoint` STRING NOT NULL OPTIONS (description = 'Path with the whole query.'),
  `etag` STRING OPTIONS (description = 'ETag that is sent with the next request.'),
  `last_modified` STRING OPTIONS (description = 'Last-Modified as GitHub sent it.'),
  `last_synced` TIMESTAMP OPTIONS (description = 'When the answer was stored, UTC.'),
  PRIMARY KEY (endpoint) NOT ENFORCED
)
OPTIONS (
  description = 'One row per question to GitHub whose answer is stored whole, exactly the columns of the document of AI traces.',
  labels = [('tier', 'core'), ('schema_version', 'v1-2')]
);

CREATE TABLE IF NOT EXISTS tenant.etl_runs (
  `id` INT64 NOT NULL OPTIONS (description = 'Number of the run.'),
  `job` STRING NOT NULL OPTIONS (description = 'Name of the job, as ingest-traces.'),
  `started_at` TIMESTAMP NOT NULL OPTIONS (description = 'When it began, UTC. Partition column.'),
  `finished_at` TIMESTAMP OPTIONS (description = 'When it ended, UTC. NULL while it runs.'),
  `row_count` INT64 OPTIONS (description = 'Rows it took.'),
  `details` JSON OPTIONS (description = 'What it read, and what became of it: source, state, refused lines, error.'),
  PRIMARY KEY (id) NOT ENFORCED
)
PARTITION BY DATE(started_at)
OPTIONS (
  description = 'One row per run of a job that brings data in, exactly the columns of the document of AI traces; failed runs too. Rows are kept without expiration.',
  labels = [('tier', 'core'), ('schema_version', 'v1-2')]
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

CREATE TABLE IF NOT EXISTS tenant.pull_request_details (
  `id` INT64 NOT NULL OPTIONS (description = 'GitHub\'s id of the pull request; refers to pull_requests.'),
  `created_at` TIMESTAMP NOT NULL OPTIONS (description = 'When it was opened, UTC, as in pull_requests. Partition column.'),
  `repository_id` STRING NOT NULL OPTIONS (description = 'Connected repository.'),
  `repo_names` ARRAY<STRING> OPTIONS (description = 'All names that the repository has had, as owner/name in small letters: sessions name the one of their time.'),
  `closed_at` TIMESTAMP OPTIONS (description = 'When it was closed or merged, UTC. NULL while it is open.'),
  `is_draft` BOOL NOT NULL OPTIONS (description = 'Whether it is a draft.'),
  `branch` STRING OPTIONS (description = 'Branch that it brings. NULL where it is not known.'),
  `base_branch` STRING OPTIONS (description = 'Branch that it goes to.'),
  `merge_commit_sha` STRING OPTIONS (description = 'Commit of the merge.'),
  `commit_count` INT64 NOT NULL OPTIONS (description = 'Commits that it holds.'),
  `co_authors` ARRAY<STRING> OPTIONS (description = 'Co-authors that its commits name in trailers, as Claude <noreply@anthropic.com>.'),
  PRIMARY KEY (id) NOT ENFORCED
)
PARTITION BY DATE(created_at)
CLUSTER BY repository_id
OPTIONS (
  description = 'What is ours of a pull request, one row beside its row in pull_requests: branches, commits, the names of its repository. Rows are kept as long as those of pull_requests.',
  labels = [('tier', 'core')]
);

CREATE TABLE IF NOT EXISTS tenant.pull_requests (
  `id` INT64 NOT NULL OPTIONS (description = 'GitHub\'s id of the pull request.'),
  `number` INT64 NOT NULL OPTIONS (description = 'Number within its repository.'),
  `title` STRING OPTIONS (description = 'Title, its first 300 signs.'),
  `author` STRING OPTIONS (description = 'Login of the author. NULL where the account was deleted.'),
  `state` STRING OPTIONS (description = 'open, closed or merged.'),
  `created_at` TIMESTAMP NOT NULL OPTIONS (description = 'When it was opened, UTC. Partition column.'),
  `merged_at` TIMESTAMP OPTIONS (description = 'When it was merged, UTC. NULL where it was not.'),
  `updated_at` TIMESTAMP OPTIONS (description = 'When it last changed, UTC.'),
  `reopened` INT64 OPTIONS (description = '1 where it was reopened, else 0.'),
  `repo_slug` STRING NOT NULL OPTIONS (description = 'Repository as owner/name, as it is called now.'),
  PRIMARY KEY (id) NOT ENFORCED
)
PARTITION BY DATE(created_at)
CLUSTER BY repo_slug, author
OPTIONS (
  description = 'One row per pull request of the connected GitHub repositories: the columns of the document of AI traces, and the repository. Rows are kept without expiration.',
  labels = [('tier', 'core'), ('schema_version', 'v1-2')]
);

CREATE TABLE IF NOT EXISTS tenant.run_details (
  `pipeline_logging_id` STRING NOT NULL OPTIONS (description = 'Run that the row describes; refers to pipeline_runs.'),
  `tenant_id` STRING NOT NULL OPTIONS (description = 'Tenant the row belongs to; equal to customers.customer_profiles.customer_id.'),
  `created_at` TIMESTAMP NOT NULL OPTIONS (description = 'When the run was asked for, UTC; not after its start and never changed. Partition column.'),
  `created_by` STRING NOT NULL OPTIONS (description = 'Who asked for the run: an email address, or a key as api_key:<id> or service:<id>.'),
  `api_key_id` STRING OPTIONS (description = 'API key that asked for the run. NULL when a person did.'),
  `origin` STRING NOT NULL OPTIONS (description = 'Where the run was asked for: api, portal or schedule; observed where its orchestrator started it and told of it.'),
  `rerun_of` STRING OPTIONS (description = 'Run that this one repeats; refers to pipeline_runs. NULL unless it was asked for again.'),
  `config_id` STRING OPTIONS (description = 'Provider config that it runs; refers to customer_provider_configs. NULL where none does.'),
  `scheduled_for` TIMESTAMP OPTIONS (description = 'Time of the schedule that it was made for, UTC. NULL where no schedule made it.'),
  `quota_day` DATE OPTIONS (description = 'UTC day whose quota the run took. NULL until it is started.'),
  `quota_charge` INT64 NOT NULL OPTIONS (description = 'Runs of the quota that it took: 1 once started, before that 0; an observed run takes none.'),
  `lease_expired` BOOL NOT NULL OPTIONS (description = 'Whether it was ended because its worker sent no heartbeat.'),
  `cancel_requested_by` STRING OPTIONS (description = 'Who asked for its cancellation. NULL unless somebody did.'),
  `cancel_requested_at` TIMESTAMP OPTIONS (description = 'When its cancellation was first asked for, UTC.'),
  `pending_reason` STRING OPTIONS (description = 'Why it was not started when a worker last claimed it, as the code of the refusal. NULL once started.'),
  `step_count` INT64 NOT NULL OPTIONS (description = 'Executions of steps reported of it.'),
  `check_count` INT64 NOT NULL OPTIONS (description = 'Data quality checks reported of it.'),
  `checks_failed` INT64 NOT NULL OPTIONS (description = 'Data quality checks with overall_status FAIL.'),
  `rows_processed` INT64 OPTIONS (description = 'Rows processed by all its steps. NULL where no step said.'),
  `error_pattern` STRING OPTIONS (description = 'Its error message with ids, numbers, times, paths and quoted values cut, at most 300 signs. NULL unless it failed.'),
  `error_fingerprint` STRING OPTIONS (description = '16 hexadecimal digits of the hash of error_pattern: equal for errors of one kind.'),
  `orchestrator` STRING OPTIONS (description = 'Orchestrator that reported of the run, as it names itself: DBT, AIRFLOW. NULL where none did.'),
  `job_namespace` STRING OPTIONS (description = 'Namespace of the job, as its orchestrator names it. NULL where none did.'),
  `job_name` STRING OPTIONS (description = 'Name of the job, as its orchestrator names it; pipeline_id is made of it. NULL where none did.'),
  `orchestrator_run_id` STRING OPTIONS (description = 'Id of the run at its orchestrator, where it is another than pipeline_logging_id.'),
  `reported_start_time` TIMESTAMP OPTIONS (description = 'Start that was reported after start_time was settled, UTC. NULL unless there was one.'),
  `late_events` INT64 OPTIONS (description = 'Events of its orchestrator that came too late to be applied.'),
  PRIMARY KEY (pipeline_logging_id) NOT ENFORCED
)
PARTITION BY DATE(created_at)
CLUSTER BY tenant_id, pipeline_logging_id
OPTIONS (
  description = 'One row per run, beside its row in pipeline_runs: who asked for it, what quota it took, totals of what was reported and its kind of error. Runs made before this table existed have none. Rows are kept without expiration.',
  labels = [('tier', 'core')]
);

CREATE TABLE IF NOT EXISTS tenant.session_details (
  `trace_hash` STRING NOT NULL OPTIONS (description = 'Request that the row describes; refers to sessions.'),
  `event_date` DATE NOT NULL OPTIONS (description = 'UTC day of the request, as in sessions. Partition column.'),
  `source` STRING NOT NULL OPTIONS (description = 'Whose form the record had: litellm, otlp or document.'),
  `provider` STRING OPTIONS (description = 'Provider of the model, as anthropic. NULL where it is not known.'),
  `operation` STRING OPTIONS (description = 'What was asked of the model, as chat or embeddings. NULL where it is not known.'),
  `trace_id` STRING OPTIONS (description = 'Id of the sender\'s trace. NULL where none was sent.'),
  `span_id` STRING OPTIONS (description = 'Id of the request within the trace. NULL where none was sent.'),
  `branch` STRING OPTIONS (description = 'Branch of the repository. NULL where none was sent.'),
  `team` STRING OPTIONS (description = 'Team of the developer as the sender names it. NULL where none was sent.'),
  `tags` STRING OPTIONS (description = 'Tags of the request, separated by commas. NULL where it has none.'),
  `cache_read_tokens` INT64 NOT NULL OPTIONS (description = 'Input tokens read from the provider\'s cache; part of tokens_in.'),
  `cache_write_tokens` INT64 NOT NULL OPTIONS (description = 'Input tokens written to the provider\'s cache for 5 minutes; part of tokens_in.'),
  `cache_write_1h_tokens` INT64 NOT NULL OPTIONS (description = 'Input tokens written to the provider\'s cache for an hour; part of tokens_in.'),
  `reasoning_tokens` INT64 NOT NULL OPTIONS (description = 'Output tokens spent on reasoning; part of tokens_out.'),
  `reported_cost_usd` FLOAT64 OPTIONS (description = 'Cost in US dollars as the sender computed it. NULL where it said none, or 0 for a model it had no price of.'),
  `book_cost_usd` FLOAT64 OPTIONS (description = 'Cost in US dollars by the price book. NULL where the book has no price of the model.'),
  `price_id` STRING OPTIONS (description = 'Price of the book that book_cost_usd follows from. NULL where there is none.'),
  `from_cache` BOOL NOT NULL OPTIONS (description = 'Whether the sender answered from a cache of its own, so that the provider billed nothing.'),
  `is_stream` BOOL NOT NULL OPTIONS (description = 'Whether the answer was streamed.'),
  `first_token_ms` FLOAT64 OPTIONS (description = 'Milliseconds until the first token. NULL where it is not known.'),
  `error_code` STRING OPTIONS (description = 'Why the request failed, in the sender\'s word. NULL where it succeeded.'),
  `error_message` STRING OPTIONS (description = 'Message of the failure, at most 500 signs. NULL where it succeeded.'),
  `timestamp_assumed` BOOL NOT NULL OPTIONS (description = 'Whether the sender gave no time, so that the time of receipt stands for it and a repeat is a row of its own.'),
  `received_at` TIMESTAMP NOT NULL OPTIONS (description = 'When the record was received, UTC.'),
  `loaded_at` TIMESTAMP NOT NULL OPTIONS (description = 'When the row was last written, UTC.'),
  PRIMARY KEY (trace_hash) NOT ENFORCED
)
PARTITION BY event_date
CLUSTER BY provider, trace_id
OPTIONS (
  description = 'What is ours of a request to an AI model, one row beside its row in sessions: provider, kinds of tokens, book price, where it came from. Rows are kept as long as those of sessions.',
  labels = [('tier', 'core')]
);

CREATE TABLE IF NOT EXISTS tenant.sessions (
  `id` INT64 NOT NULL OPTIONS (description = 'Number of the row within the tenant, from a range that the loader reserves.'),
  `session_id` STRING OPTIONS (description = 'Normalized identifier of the session. NULL where none was sent.'),
  `developer_id` STRING OPTIONS (description = 'Developer or user, mostly an email address. NULL where none was sent.'),
  `timestamp` TIMESTAMP NOT NULL OPTIONS (description = 'When the request began, UTC; when it was received where the sender did not say.'),
  `model` STRING OPTIONS (description = 'Model with its provider, as anthropic/claude-3-opus. NULL where none was sent.'),
  `tokens_in` INT64 NOT NULL OPTIONS (description = 'Input tokens, cached ones included.'),
  `tokens_out` INT64 NOT NULL OPTIONS (description = 'Output tokens, reasoning included.'),
  `latency_ms` FLOAT64 NOT NULL OPTIONS (description = 'Duration of the request in milliseconds.'),
  `status_code` INT64 OPTIONS (description = 'HTTP status. NULL where it is not known.'),
  `accepted_flag` INT64 NOT NULL OPTIONS (description = '1 = the suggestion was accepted, 0 = not tracked.'),
  `repo_slug` STRING OPTIONS (description = 'Repository as owner/name. NULL where none was sent.'),
  `event_date` DATE NOT NULL OPTIONS (description = 'UTC day of timestamp. Partition column.'),
  `total_tokens` INT64 NOT NULL OPTIONS (description = 'tokens_in + tokens_out.'),
  `cost_usd` FLOAT64 NOT NULL OPTIONS (description = 'Cost in US dollars by the document\'s price table, reproducible for ever; session_details holds the book price.'),
  `diff_ratio` FLOAT64 OPTIONS (description = 'Share of the suggested code that changed, 0.0 to 1.0. NULL without a diff analysis.'),
  `accepted_lines` INT64 OPTIONS (description = 'Lines of code accepted. NULL where acceptance is not tracked.'),
  `trace_hash` STRING NOT NULL OPTIONS (description = 'SHA-1 over the identifying columns, by which a request sent twice is one row.'),
  PRIMARY KEY (trace_hash) NOT ENFORCED
)
PARTITION BY event_date
CLUSTER BY repo_slug, developer_id
OPTIONS (
  description = 'One row per request to an AI model, exactly the columns of the document of AI traces. Written by load and MERGE on trace_hash; the last one sent wins. Rows are kept without expiration unless the customer sets one.',
  labels = [('tier', 'core'), ('schema_version', 'v1-2')]
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

-- Which kinds of errors ended the customer's runs in a period of UTC days, how often, of which pipelines, and when?
-- A run has its details since it was asked for, at most 30 days before it started, or since it was heard of, up to a day after.
WITH failed AS (
  SELECT
    detail.error_fingerprint,
    detail.error_pattern,
    run.pipeline_id,
    run.pipeline_logging_id,
    run.start_time,
    ROW_NUMBER() OVER (
      PARTITION BY detail.error_fingerprint
      ORDER BY run.start_time DESC, run.pipeline_logging_id DESC
    ) AS recency
  FROM tenant.pipeline_runs AS run
  INNER JOIN tenant.run_details AS detail
    ON detail.pipeline_logging_id = run.pipeline_logging_id
  WHERE run.tenant_id = @customer_id
    AND run.start_time >= @from_time
    AND run.start_time < @until_time
    AND run.status = 'FAILED'
    AND NOT STARTS_WITH(COALESCE(run.error_message, ''), 'cancelled: ')
    AND detail.tenant_id = @customer_id
    AND detail.created_at >= TIMESTAMP_SUB(@from_time, INTERVAL 31 DAY)
    AND detail.created_at < TIMESTAMP_ADD(@until_time, INTERVAL 1 DAY)
    AND detail.error_fingerprint IS NOT NULL
),
by_pipeline AS (
  SELECT
    error_fingerprint,
    pipeline_id,
    COUNT(*) AS runs
  FROM failed
  GROUP BY error_fingerprint, pipeline_id
),
pipelines AS (
  SELECT
    error_fingerprint,
    ARRAY_AGG(pipeline_id ORDER BY runs DESC, pipeline_id) AS pipeline_ids
  FROM by_pipeline
  GROUP BY error_fingerprint
),
kinds AS (
  SELECT
    error_fingerprint,
    MAX(error_pattern) AS error_pattern,
    COUNT(*) AS runs,
    MIN(start_time) AS first_seen,
    MAX(start_time) AS last_seen,
    MAX(IF(recency = 1, pipeline_logging_id, NULL)) AS last_run_id
  FROM failed
  GROUP BY error_fingerprint
)
SELECT
  kinds.error_fingerprint,
  kinds.error_pattern,
  kinds.runs,
  kinds.first_seen,
  kinds.last_seen,
  kinds.last_run_id,
  pipelines.pipeline_ids
FROM kinds
INNER JOIN pipelines
  ON pipelines.error_fingerprint = kinds.error_fingerprint
ORDER BY kinds.runs DESC, kinds.last_seen DESC, kinds.error_fingerprint
LIMIT 500

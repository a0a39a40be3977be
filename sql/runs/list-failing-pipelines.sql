-- Which pipelines of the customer failed in the last 24 hours, how often, when last, and in which run?
WITH failed AS (
  SELECT
    run.pipeline_id,
    run.pipeline_logging_id,
    run.start_time,
    ROW_NUMBER() OVER (
      PARTITION BY run.pipeline_id
      ORDER BY run.start_time DESC, run.pipeline_logging_id DESC
    ) AS recency
  FROM tenant.pipeline_runs AS run
  WHERE run.tenant_id = @customer_id
    AND run.start_time >= TIMESTAMP_SUB(@now, INTERVAL 1 DAY)
    AND run.status = 'FAILED'
    AND NOT STARTS_WITH(COALESCE(run.error_message, ''), 'cancelled: ')
)
SELECT
  pipeline_id,
  COUNT(*) AS failed,
  MAX(start_time) AS last_failed_at,
  MAX(IF(recency = 1, pipeline_logging_id, NULL)) AS last_run_id
FROM failed
GROUP BY pipeline_id
ORDER BY last_failed_at DESC, pipeline_id
LIMIT 50

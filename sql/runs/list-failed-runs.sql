-- Which runs of the customer failed in the last 7 days, newest first?
SELECT
  run.pipeline_logging_id,
  run.pipeline_id,
  run.status,
  run.start_time,
  run.duration_ms,
  run.parameters,
  SUBSTR(run.error_message, 1, 300) AS error_message
FROM tenant.pipeline_runs AS run
WHERE run.tenant_id = @customer_id
  AND run.start_time >= TIMESTAMP_SUB(@now, INTERVAL 7 DAY)
  AND run.status = 'FAILED'
  AND NOT STARTS_WITH(COALESCE(run.error_message, ''), 'cancelled: ')
ORDER BY run.start_time DESC, run.pipeline_logging_id DESC
LIMIT 1000

-- Which pipelines of the customer failed in the last 24 hours, how often, and when last?
SELECT
  run.pipeline_id,
  COUNT(*) AS failed,
  MAX(run.start_time) AS last_failed_at
FROM tenant.pipeline_runs AS run
WHERE run.tenant_id = @customer_id
  AND run.start_time >= TIMESTAMP_SUB(@now, INTERVAL 1 DAY)
  AND run.status = 'FAILED'
  AND NOT STARTS_WITH(COALESCE(run.error_message, ''), 'cancelled: ')
GROUP BY run.pipeline_id
ORDER BY last_failed_at DESC, run.pipeline_id
LIMIT 50

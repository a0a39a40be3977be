-- Which results of one table in the last 30 UTC days tell of failed expectations, newest first?
SELECT
  dq.pipeline_logging_id,
  dq.executed_at,
  DATE_DIFF(@today, dq.ingestion_date, DAY) AS days_ago,
  dq.failed_expectations
FROM tenant.dq_results AS dq
WHERE dq.tenant_id = @customer_id
  AND dq.ingestion_date >= DATE_SUB(@today, INTERVAL 29 DAY)
  AND dq.target_table = @target_table
  AND dq.expectations_failed > 0
ORDER BY dq.executed_at DESC, dq.dq_result_id DESC
LIMIT 1000

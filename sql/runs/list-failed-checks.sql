-- Which data-quality checks of the customer failed today (UTC), newest first?
SELECT
  dq.dq_result_id,
  dq.pipeline_logging_id,
  dq.target_table,
  dq.overall_status,
  dq.expectations_passed,
  dq.expectations_failed,
  dq.executed_at
FROM tenant.dq_results AS dq
WHERE dq.tenant_id = @customer_id
  AND dq.ingestion_date = @today
  AND dq.overall_status = 'FAIL'
ORDER BY dq.executed_at DESC, dq.dq_result_id
LIMIT 1000

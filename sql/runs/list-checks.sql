-- Which data-quality results did the customer have, newest first, narrowed by status, table and UTC days?
SELECT
  dq.dq_result_id,
  dq.pipeline_logging_id,
  dq.target_table,
  dq.dq_config_id,
  dq.executed_at,
  dq.expectations_passed,
  dq.expectations_failed,
  dq.failed_expectations,
  dq.overall_status
FROM tenant.dq_results AS dq
WHERE dq.tenant_id = @customer_id
  AND dq.ingestion_date >= @from_day
  AND dq.ingestion_date <= @to_day
  AND (@status = '' OR dq.overall_status = @status)
  AND (@target_table = '' OR dq.target_table = @target_table)
  AND (
    dq.executed_at < COALESCE(@after_time, TIMESTAMP '9999-12-31 00:00:00+00')
    OR (dq.executed_at = @after_time AND dq.dq_result_id < @after_id)
  )
ORDER BY dq.executed_at DESC, dq.dq_result_id DESC
LIMIT @row_limit

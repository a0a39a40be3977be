-- Which data-quality results did one run leave, failures first? Checks are made within the window of their run's day.
SELECT
  dq.dq_result_id,
  dq.target_table,
  dq.dq_config_id,
  dq.executed_at,
  dq.expectations_passed,
  dq.expectations_failed,
  dq.failed_expectations,
  dq.overall_status
FROM tenant.dq_results AS dq
WHERE dq.tenant_id = @customer_id
  AND dq.ingestion_date >= DATE(@window_start)
  AND dq.ingestion_date < DATE(@window_end)
  AND dq.pipeline_logging_id = @pipeline_logging_id
ORDER BY CASE dq.overall_status WHEN 'FAIL' THEN 0 WHEN 'WARNING' THEN 1 ELSE 2 END, dq.executed_at, dq.dq_result_id
LIMIT 1000

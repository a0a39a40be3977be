-- Which data-quality results did one run leave, failures first? Checks are made within the window of their run's day.
SELECT
  dq.dq_result_id,
  dq.target_table,
  dq.dq_config_id,
  dq.executed_at,
  dq.expectations_passed,
  dq.expectations_failed,
  IF(LENGTH(TO_JSON_STRING(dq.failed_expectations)) > @json_signs, NULL, dq.failed_expectations) AS failed_expectations,
  dq.overall_status
FROM tenant.dq_results AS dq
WHERE dq.tenant_id = @customer_id
  AND dq.ingestion_date >= DATE(@window_start)
  AND dq.ingestion_date < DATE(@window_end)
  AND dq.pipeline_logging_id = @pipeline_logging_id
  AND (
    NOT @is_later_page
    OR CASE dq.overall_status WHEN 'FAIL' THEN 0 WHEN 'WARNING' THEN 1 ELSE 2 END > @after_rank
    OR (
      CASE dq.overall_status WHEN 'FAIL' THEN 0 WHEN 'WARNING' THEN 1 ELSE 2 END = @after_rank
      AND (dq.executed_at > @after_time OR (dq.executed_at = @after_time AND dq.dq_result_id > @after_id))
    )
  )
ORDER BY CASE dq.overall_status WHEN 'FAIL' THEN 0 WHEN 'WARNING' THEN 1 ELSE 2 END, dq.executed_at, dq.dq_result_id
LIMIT @row_limit

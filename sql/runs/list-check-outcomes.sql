-- How did each check of one run end when it was last made?
SELECT
  dq.target_table,
  dq.dq_config_id,
  ARRAY_AGG(dq.overall_status ORDER BY dq.executed_at DESC, dq.dq_result_id DESC LIMIT 1)[OFFSET(0)] AS overall_status
FROM tenant.dq_results AS dq
WHERE dq.tenant_id = @customer_id
  AND dq.ingestion_date >= DATE(@window_start)
  AND dq.ingestion_date < DATE(@window_end)
  AND dq.pipeline_logging_id = @pipeline_logging_id
GROUP BY dq.target_table, dq.dq_config_id
ORDER BY dq.target_table, dq.dq_config_id
LIMIT 10000

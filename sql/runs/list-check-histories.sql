-- What were the last 10 results of each of these checks, up to an instant, within the 90 days before it?
-- A check is named by its table and its configuration, a line break between them.
WITH ranked AS (
  SELECT
    dq.dq_result_id,
    dq.pipeline_logging_id,
    dq.target_table,
    dq.dq_config_id,
    dq.executed_at,
    dq.overall_status,
    ROW_NUMBER() OVER (
      PARTITION BY dq.target_table, dq.dq_config_id ORDER BY dq.executed_at DESC, dq.dq_result_id DESC
    ) AS place
  FROM tenant.dq_results AS dq
  WHERE dq.tenant_id = @customer_id
    AND dq.ingestion_date >= DATE_SUB(DATE(@until_time), INTERVAL 90 DAY)
    AND dq.ingestion_date <= DATE(@until_time)
    AND dq.executed_at <= @until_time
    AND CONCAT(dq.target_table, '\n', dq.dq_config_id) IN UNNEST(@checks)
)
SELECT dq_result_id, pipeline_logging_id, target_table, dq_config_id, executed_at, overall_status
FROM ranked
WHERE place <= 10
ORDER BY target_table, dq_config_id, executed_at, dq_result_id

-- How long did each step of one run take and how many rows did it process, its executions together, and how did the last end?
SELECT
  step.step_name AS name,
  MIN(step.step_index) AS step_index,
  COUNT(*) AS executions,
  ARRAY_AGG(step.status ORDER BY step.start_time DESC, step.step_logging_id DESC LIMIT 1)[OFFSET(0)] AS status,
  SUM(step.duration_ms) AS duration_ms,
  SUM(step.rows_processed) AS rows_processed
FROM tenant.step_logs AS step
INNER JOIN tenant.pipeline_runs AS run
  ON run.pipeline_logging_id = step.pipeline_logging_id
WHERE run.tenant_id = @customer_id
  AND run.start_time >= @day_start
  AND run.start_time < TIMESTAMP_ADD(@day_start, INTERVAL 1 DAY)
  AND step.start_time >= @window_start
  AND step.start_time < @window_end
  AND step.pipeline_logging_id = @pipeline_logging_id
GROUP BY step.step_name
ORDER BY step_index, name
LIMIT 10000

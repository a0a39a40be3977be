-- Which steps did one run have, in the order of the pipeline? Steps start within the window of their run's day.
SELECT
  step.step_logging_id,
  step.step_name,
  step.step_type,
  step.step_index,
  step.status,
  step.start_time,
  step.end_time,
  step.duration_ms,
  step.rows_processed,
  step.error_message,
  step.metadata
FROM tenant.step_logs AS step
INNER JOIN tenant.pipeline_runs AS run
  ON run.pipeline_logging_id = step.pipeline_logging_id
WHERE run.tenant_id = @customer_id
  AND run.start_time >= @day_start
  AND run.start_time < TIMESTAMP_ADD(@day_start, INTERVAL 1 DAY)
  AND step.start_time >= @window_start
  AND step.start_time < @window_end
  AND step.pipeline_logging_id = @pipeline_logging_id
ORDER BY step.step_index, step.start_time, step.step_logging_id
LIMIT 1000

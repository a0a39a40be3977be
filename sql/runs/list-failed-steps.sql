-- Which steps failed in these runs of the customer, as the pipeline has them?
-- Runs start within the days that are named, their steps within the windows of those days.
SELECT
  step.pipeline_logging_id,
  step.step_name,
  step.step_type,
  step.step_index,
  step.status,
  SUBSTR(step.error_message, 1, @error_signs) AS error_message,
  JSON_VALUE(step.metadata, '$.parent.name') AS parent_name
FROM tenant.step_logs AS step
INNER JOIN tenant.pipeline_runs AS run
  ON run.pipeline_logging_id = step.pipeline_logging_id
WHERE run.tenant_id = @customer_id
  AND run.start_time >= @from_time
  AND run.start_time < @until_time
  AND step.start_time >= @window_start
  AND step.start_time < @window_end
  AND step.status = 'FAILED'
  AND step.pipeline_logging_id IN UNNEST(@run_ids)
ORDER BY step.pipeline_logging_id, step.step_index, step.start_time, step.step_logging_id
LIMIT 5000

-- Which steps did one run have: failed ones first, then those that run, then the others in the order of the pipeline?
-- Steps start within the window of their run's day. Long metadata is left out, and that is told; what orchestrators say of a
-- step's parent and statement is read apart, so that it is never left out.
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
  SUBSTR(step.error_message, 1, @error_signs) AS error_message,
  IF(LENGTH(TO_JSON_STRING(step.metadata)) > @json_signs, NULL, step.metadata) AS metadata,
  step.metadata IS NOT NULL AND LENGTH(TO_JSON_STRING(step.metadata)) > @json_signs AS metadata_left_out,
  JSON_VALUE(step.metadata, '$.run_id') AS job_run_id,
  JSON_VALUE(step.metadata, '$.parent.run_id') AS parent_run_id,
  JSON_VALUE(step.metadata, '$.parent.name') AS parent_name,
  SUBSTR(JSON_VALUE(step.metadata, '$.sql'), 1, @json_signs) AS statement
FROM tenant.step_logs AS step
INNER JOIN tenant.pipeline_runs AS run
  ON run.pipeline_logging_id = step.pipeline_logging_id
WHERE run.tenant_id = @customer_id
  AND run.start_time >= @day_start
  AND run.start_time < TIMESTAMP_ADD(@day_start, INTERVAL 1 DAY)
  AND step.start_time >= @window_start
  AND step.start_time < @window_end
  AND step.pipeline_logging_id = @pipeline_logging_id
  AND (
    NOT @is_later_page
    OR CASE step.status WHEN 'FAILED' THEN 0 WHEN 'RUNNING' THEN 1 ELSE 2 END > @after_rank
    OR (
      CASE step.status WHEN 'FAILED' THEN 0 WHEN 'RUNNING' THEN 1 ELSE 2 END = @after_rank
      AND (
        step.step_index > @after_index
        OR (step.step_index = @after_index AND step.start_time > @after_time)
        OR (step.step_index = @after_index AND step.start_time = @after_time AND step.step_logging_id > @after_id)
      )
    )
  )
ORDER BY
  CASE step.status WHEN 'FAILED' THEN 0 WHEN 'RUNNING' THEN 1 ELSE 2 END,
  step.step_index, step.start_time, step.step_logging_id
LIMIT @row_limit

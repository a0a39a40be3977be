-- Which runs did the customer have, newest first, narrowed by status, pipeline, trigger and day (90 days by default)?
SELECT
  run.pipeline_logging_id,
  run.pipeline_id,
  IF(STARTS_WITH(run.error_message, 'cancelled: '), 'CANCELLED', run.status) AS status,
  run.trigger_type,
  run.trigger_by,
  run.start_time,
  run.end_time,
  run.duration_ms,
  SUBSTR(run.error_message, 1, 300) AS error_message
FROM tenant.pipeline_runs AS run
WHERE run.tenant_id = @customer_id
  AND run.start_time >= TIMESTAMP(COALESCE(@from_day, DATE_SUB(@today, INTERVAL 90 DAY)))
  AND run.start_time < TIMESTAMP(DATE_ADD(COALESCE(@to_day, @today), INTERVAL 1 DAY))
  AND (@status IS NULL OR IF(STARTS_WITH(run.error_message, 'cancelled: '), 'CANCELLED', run.status) = @status)
  AND (@pipeline_id IS NULL OR run.pipeline_id = @pipeline_id)
  AND (@trigger_type IS NULL OR run.trigger_type = @trigger_type)
  AND (
    @after_time IS NULL
    OR run.start_time < @after_time
    OR (run.start_time = @after_time AND run.pipeline_logging_id < @after_id)
  )
ORDER BY run.start_time DESC, run.pipeline_logging_id DESC
LIMIT @page_rows

-- Which runs did the customer have, newest first, narrowed by status, pipeline, trigger and time (90 days by default)?
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
  AND run.start_time >= COALESCE(@from_time, TIMESTAMP_SUB(@now, INTERVAL 90 DAY))
  AND run.start_time < COALESCE(@until_time, TIMESTAMP '9999-12-31 00:00:00+00')
  AND (CAST(@status AS STRING) IS NULL OR IF(STARTS_WITH(run.error_message, 'cancelled: '), 'CANCELLED', run.status) = @status)
  AND (CAST(@pipeline_id AS STRING) IS NULL OR run.pipeline_id = @pipeline_id)
  AND (CAST(@trigger_type AS STRING) IS NULL OR run.trigger_type = @trigger_type)
  AND (
    run.start_time < COALESCE(@after_time, TIMESTAMP '9999-12-31 00:00:00+00')
    OR (run.start_time = @after_time AND run.pipeline_logging_id < @after_id)
  )
ORDER BY run.start_time DESC, run.pipeline_logging_id DESC
LIMIT @page_rows

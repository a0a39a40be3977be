-- What is known of one run, which started on a given UTC day?
SELECT
  run.pipeline_logging_id,
  run.pipeline_id,
  IF(STARTS_WITH(run.error_message, 'cancelled: '), 'CANCELLED', run.status) AS status,
  run.trigger_type,
  run.trigger_by,
  run.start_time,
  run.end_time,
  run.duration_ms,
  run.config_version,
  run.worker_instance,
  run.error_message,
  run.parameters
FROM tenant.pipeline_runs AS run
WHERE run.tenant_id = @customer_id
  AND run.start_time >= @day_start
  AND run.start_time < TIMESTAMP_ADD(@day_start, INTERVAL 1 DAY)
  AND run.pipeline_logging_id = @pipeline_logging_id

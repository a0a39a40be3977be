-- What is known of one run, which started on @start_day (UTC)?
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
  AND run.start_time >= TIMESTAMP(@start_day)
  AND run.start_time < TIMESTAMP(DATE_ADD(@start_day, INTERVAL 1 DAY))
  AND run.pipeline_logging_id = @pipeline_logging_id

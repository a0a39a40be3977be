-- Which runs did the customer have, newest first, narrowed by state, pipeline, trigger, origin, key, config, error and time (90 days by default)?
-- A run waits at most 30 days for its start, and an observed one may have been heard of up to a day after it: its details lie in
-- the same partitions, the 31 days before or the day after.
SELECT
  run.pipeline_logging_id,
  run.pipeline_id,
  IF(STARTS_WITH(run.error_message, 'cancelled: '), 'CANCELLED', run.status) AS status,
  run.trigger_type,
  run.trigger_by,
  run.start_time,
  run.end_time,
  run.duration_ms,
  SUBSTR(run.error_message, 1, 300) AS error_message,
  details.created_by,
  IFNULL(details.origin, 'api') AS origin,
  details.orchestrator,
  details.job_namespace,
  details.job_name,
  details.api_key_id,
  details.rerun_of,
  details.check_count,
  details.checks_failed,
  details.rows_processed
FROM tenant.pipeline_runs AS run
LEFT JOIN tenant.run_details AS details
  ON details.pipeline_logging_id = run.pipeline_logging_id
  AND details.tenant_id = @customer_id
  AND details.created_at >= TIMESTAMP_SUB(COALESCE(@from_time, TIMESTAMP_SUB(@now, INTERVAL 90 DAY)), INTERVAL 31 DAY)
  AND details.created_at < TIMESTAMP_ADD(@until_time, INTERVAL 1 DAY)
  AND details.created_at < TIMESTAMP_ADD(@before_time, INTERVAL 1 DAY)
WHERE run.tenant_id = @customer_id
  AND run.start_time >= COALESCE(@from_time, TIMESTAMP_SUB(@now, INTERVAL 90 DAY))
  AND run.start_time < @until_time
  AND run.start_time < @before_time
  AND (@status = '' OR IF(STARTS_WITH(run.error_message, 'cancelled: '), 'CANCELLED', run.status) = @status)
  AND (@pipeline_id = '' OR run.pipeline_id = @pipeline_id)
  AND (@trigger_type = '' OR run.trigger_type = @trigger_type)
  AND (@origin = '' OR IF(details.origin = 'observed', 'observed', 'ours') = @origin)
  AND (@api_key_id = '' OR details.api_key_id = @api_key_id)
  AND (@config_id = '' OR details.config_id = @config_id)
  AND (@error_fingerprint = '' OR details.error_fingerprint = @error_fingerprint)
  AND (NOT @checks_failed OR details.checks_failed > 0)
  AND (
    run.start_time < TIMESTAMP_SUB(@before_time, INTERVAL 1 MILLISECOND)
    OR run.pipeline_logging_id < @before_id
  )
ORDER BY run.start_time DESC, run.pipeline_logging_id DESC
LIMIT @row_limit

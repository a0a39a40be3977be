-- Which 10 completed steps of the last day took longest? Their runs started at most 31 days before.
SELECT
  run.pipeline_id,
  step.step_logging_id,
  step.pipeline_logging_id,
  step.step_name,
  step.duration_ms,
  step.rows_processed
FROM tenant.step_logs AS step
INNER JOIN tenant.pipeline_runs AS run
  ON run.pipeline_logging_id = step.pipeline_logging_id
WHERE run.tenant_id = @customer_id
  AND run.start_time >= TIMESTAMP_SUB(@now, INTERVAL 32 DAY)
  AND step.start_time >= TIMESTAMP_SUB(@now, INTERVAL 1 DAY)
  AND step.status = 'COMPLETED'
ORDER BY step.duration_ms DESC, step.step_logging_id
LIMIT 10

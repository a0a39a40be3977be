-- How many observed runs did the customer have on each UTC day of a time, and how did they end? A day without one has no row.
WITH observed AS (
  SELECT
    DATE_DIFF(DATE(run.start_time), DATE(@from_time), DAY) AS day_index,
    IF(STARTS_WITH(run.error_message, 'cancelled: '), 'CANCELLED', run.status) AS status
  FROM tenant.pipeline_runs AS run
  INNER JOIN tenant.run_details AS details
    ON details.pipeline_logging_id = run.pipeline_logging_id
    AND details.tenant_id = @customer_id
    AND details.created_at >= TIMESTAMP_SUB(@from_time, INTERVAL 31 DAY)
    AND details.created_at < TIMESTAMP_ADD(@until_time, INTERVAL 1 DAY)
  WHERE run.tenant_id = @customer_id
    AND run.start_time >= @from_time
    AND run.start_time < @until_time
    AND details.origin = 'observed'
)
SELECT
  day_index,
  COUNT(*) AS runs,
  COUNTIF(status = 'COMPLETED') AS succeeded,
  COUNTIF(status = 'FAILED') AS failed,
  COUNTIF(status = 'CANCELLED') AS cancelled
FROM observed
GROUP BY day_index
ORDER BY day_index
LIMIT 366

-- Which pipelines had runs that ended in the last 30 UTC days, how did they end, and how long did the succeeded ones take,
-- over all and day by day? A percentile is the smallest duration that at least that share of the succeeded runs kept to.
WITH ended AS (
  SELECT
    run.pipeline_id,
    run.pipeline_logging_id,
    run.start_time,
    run.duration_ms,
    DATE_DIFF(@today, DATE(run.start_time), DAY) AS days_ago,
    IF(STARTS_WITH(run.error_message, 'cancelled: '), 'CANCELLED', run.status) AS status
  FROM tenant.pipeline_runs AS run
  WHERE run.tenant_id = @customer_id
    AND run.start_time >= TIMESTAMP(DATE_SUB(@today, INTERVAL 29 DAY))
    AND run.status IN ('COMPLETED', 'FAILED')
),
placed AS (
  SELECT
    pipeline_id,
    pipeline_logging_id,
    start_time,
    days_ago,
    status,
    IF(status = 'COMPLETED', duration_ms, NULL) AS took_ms,
    ROW_NUMBER() OVER (PARTITION BY pipeline_id ORDER BY start_time DESC, pipeline_logging_id DESC) AS recency,
    ROW_NUMBER() OVER (PARTITION BY pipeline_id, status ORDER BY duration_ms, pipeline_logging_id) AS place,
    COUNT(*) OVER (PARTITION BY pipeline_id, status) AS places,
    ROW_NUMBER() OVER (PARTITION BY pipeline_id, status, days_ago ORDER BY duration_ms, pipeline_logging_id) AS day_place,
    COUNT(*) OVER (PARTITION BY pipeline_id, status, days_ago) AS day_places
  FROM ended
),
daily AS (
  SELECT
    pipeline_id,
    days_ago,
    MIN(IF(day_place * 100 >= day_places * 50, took_ms, NULL)) AS p50_ms
  FROM placed
  GROUP BY pipeline_id, days_ago
),
measured AS (
  SELECT
    pipeline_id,
    ARRAY_AGG(days_ago ORDER BY days_ago DESC) AS measured_days_ago,
    ARRAY_AGG(p50_ms ORDER BY days_ago DESC) AS measured_p50_ms
  FROM daily
  WHERE p50_ms IS NOT NULL
  GROUP BY pipeline_id
),
totals AS (
  SELECT
    pipeline_id,
    MAX(IF(recency = 1, status, NULL)) AS last_status,
    MAX(IF(recency = 1, pipeline_logging_id, NULL)) AS last_run_id,
    MAX(start_time) AS last_start_time,
    COUNTIF(status = 'COMPLETED') AS succeeded,
    COUNTIF(status = 'FAILED') AS failed,
    COUNTIF(status = 'CANCELLED') AS cancelled,
    COUNTIF(status = 'FAILED' AND days_ago < 7) AS failed_7_days,
    MIN(IF(place * 100 >= places * 50, took_ms, NULL)) AS p50_ms,
    MIN(IF(place * 100 >= places * 95, took_ms, NULL)) AS p95_ms
  FROM placed
  GROUP BY pipeline_id
)
SELECT
  totals.pipeline_id,
  totals.last_status,
  totals.last_run_id,
  totals.last_start_time,
  totals.succeeded,
  totals.failed,
  totals.cancelled,
  totals.failed_7_days,
  totals.p50_ms,
  totals.p95_ms,
  measured.measured_days_ago,
  measured.measured_p50_ms
FROM totals
LEFT JOIN measured
  ON measured.pipeline_id = totals.pipeline_id
ORDER BY totals.pipeline_id
LIMIT 1000

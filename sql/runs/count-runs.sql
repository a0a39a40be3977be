-- How many runs did the customer have in each UTC day or hour of a time, by outcome, pipeline or key: those four with the most, and all others?
-- Rows without a start are the whole time: a row a name, the first 200 by runs. Others are places 1 to 4 and, for all others, 5 in one day or hour.
WITH started AS (
  SELECT
    IF(@by_hour, TIMESTAMP_TRUNC(run.start_time, HOUR), TIMESTAMP_TRUNC(run.start_time, DAY)) AS part_start,
    IF(STARTS_WITH(run.error_message, 'cancelled: '), 'CANCELLED', run.status) AS status,
    run.pipeline_id,
    IF(details.pipeline_logging_id IS NULL, '(not recorded)', IFNULL(details.api_key_id, '(none)')) AS api_key_id
  FROM tenant.pipeline_runs AS run
  LEFT JOIN tenant.run_details AS details
    ON details.pipeline_logging_id = run.pipeline_logging_id
    AND details.tenant_id = @customer_id
    AND details.created_at >= TIMESTAMP_SUB(@from_time, INTERVAL 31 DAY)
    AND details.created_at < TIMESTAMP_ADD(@until_time, INTERVAL 1 DAY)
  WHERE run.tenant_id = @customer_id
    AND run.start_time >= @from_time
    AND run.start_time < @until_time
),
named AS (
  SELECT
    part_start,
    CASE @breakdown WHEN 'outcome' THEN status WHEN 'pipeline' THEN pipeline_id ELSE api_key_id END AS name,
    IF(status = 'FAILED', 1, 0) AS failed
  FROM started
),
totals AS (
  SELECT
    name,
    COUNT(*) AS runs,
    SUM(failed) AS failed
  FROM named
  GROUP BY name
),
ranked AS (
  SELECT
    name,
    runs,
    failed,
    ROW_NUMBER() OVER (ORDER BY runs DESC, name) AS place
  FROM totals
),
placed AS (
  SELECT
    named.part_start,
    LEAST(5, ranked.place) AS place,
    named.name,
    named.failed
  FROM named
  INNER JOIN ranked
    ON ranked.name = named.name
),
answer AS (
  SELECT
    CAST(NULL AS TIMESTAMP) AS part_start,
    place,
    name,
    runs,
    failed
  FROM ranked
  WHERE place <= 200
  UNION ALL
  SELECT
    placed.part_start,
    placed.place,
    MIN(placed.name) AS name,
    COUNT(*) AS runs,
    SUM(placed.failed) AS failed
  FROM placed
  GROUP BY placed.part_start, placed.place
)
SELECT
  part_start,
  place,
  name,
  runs,
  failed
FROM answer
ORDER BY part_start, place
LIMIT 10000

-- Which tools did agents call in these UTC days: how often, how fast, with how many failures, for whom?
-- A call counts on the day of its start; one whose end alone was reported on the day of its end.
-- Of a call whose end was told more than once the last end counts. How long it took is what its sender measured, else the time
-- from its start to its end; an end before its start, as by two clocks, says nothing of it.
WITH events AS (
  SELECT
    session_id,
    user_id,
    event_type,
    event_timestamp,
    JSON_VALUE(metadata, '$.execution_id') AS execution_id,
    JSON_VALUE(metadata, '$.tool_name') AS tool_name,
    JSON_VALUE(metadata, '$.status') AS status,
    JSON_VALUE(metadata, '$.error_message') AS error_message,
    SAFE_CAST(JSON_VALUE(metadata, '$.bytes_billed') AS INT64) AS bytes_billed,
    SAFE_CAST(JSON_VALUE(metadata, '$.latency_ms') AS FLOAT64) AS latency_ms,
    event_type = 'tool_end' AND ROW_NUMBER() OVER (
      PARTITION BY session_id, event_type, JSON_VALUE(metadata, '$.execution_id')
      ORDER BY event_timestamp DESC, JSON_VALUE(metadata, '$.status')
    ) = 1 AS is_last_end
  FROM agent.chat_events
  WHERE event_timestamp >= @read_from
    AND event_timestamp < @read_to
    AND event_type IN ('tool_start', 'tool_end')
),
calls AS (
  SELECT
    session_id,
    execution_id,
    MAX(user_id) AS user_id,
    MAX(tool_name) AS tool_name,
    MIN(IF(event_type = 'tool_start', event_timestamp, NULL)) AS start_time,
    MAX(IF(is_last_end, event_timestamp, NULL)) AS end_time,
    COUNTIF(is_last_end AND status = 'failure') > 0 AS failed,
    MAX(IF(is_last_end AND status = 'failure', error_message, NULL)) AS error_message,
    MAX(IF(is_last_end, bytes_billed, NULL)) AS bytes_billed,
    MAX(IF(is_last_end, latency_ms, NULL)) AS latency_ms
  FROM events
  GROUP BY session_id, execution_id
),
timed AS (
  SELECT
    tool_name,
    user_id,
    start_time,
    end_time,
    failed,
    error_message,
    bytes_billed,
    COALESCE(
      CAST(ROUND(latency_ms) AS INT64),
      IF(end_time >= start_time, TIMESTAMP_DIFF(end_time, start_time, MILLISECOND), NULL)
    ) AS duration_ms
  FROM calls
  WHERE COALESCE(start_time, end_time) >= @from_time
    AND COALESCE(start_time, end_time) < @to_time
)
SELECT
  IFNULL(tool_name, '') AS tool_name,
  COUNT(*) AS calls,
  COUNTIF(end_time IS NOT NULL) AS ended,
  COUNTIF(start_time IS NULL) AS without_start,
  COUNTIF(failed) AS failures,
  APPROX_QUANTILES(duration_ms, 100)[SAFE_OFFSET(50)] AS p50_ms,
  APPROX_QUANTILES(duration_ms, 100)[SAFE_OFFSET(95)] AS p95_ms,
  SUM(IFNULL(bytes_billed, 0)) AS bytes_billed,
  COUNT(DISTINCT user_id) AS users,
  MAX(COALESCE(end_time, start_time)) AS last_at,
  MAX(IF(failed, end_time, NULL)) AS last_failed_at,
  MAX_BY(error_message, IF(failed, end_time, NULL)) AS last_error
FROM timed
GROUP BY tool_name
ORDER BY calls DESC, tool_name
LIMIT 1000

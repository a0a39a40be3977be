-- Which calls of tools have ended: one row an execution, its start and its end paired (document 000, tool_executions).
-- An end without a start has no start_time; calls that still run have no row; of more ends than one the last counts.
-- duration_ms is what the sender measured, else from start to end, NULL where the end lies before the start. Filter by end_time.
CREATE OR REPLACE VIEW agent.tool_executions AS
WITH events AS (
  SELECT
    session_id,
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
  WHERE event_type IN ('tool_start', 'tool_end')
),
executions AS (
  SELECT
    execution_id,
    MAX(tool_name) AS tool_name,
    MIN(IF(event_type = 'tool_start', event_timestamp, NULL)) AS start_time,
    MAX(IF(is_last_end, event_timestamp, NULL)) AS end_time,
    MAX(IF(is_last_end, status, NULL)) AS status,
    MAX(IF(is_last_end, error_message, NULL)) AS error_message,
    MAX(IF(is_last_end, bytes_billed, NULL)) AS bytes_billed,
    MAX(IF(is_last_end, latency_ms, NULL)) AS latency_ms
  FROM events
  GROUP BY session_id, execution_id
)
SELECT
  execution_id,
  tool_name,
  start_time,
  end_time,
  COALESCE(
    CAST(ROUND(latency_ms) AS INT64),
    IF(end_time >= start_time, TIMESTAMP_DIFF(end_time, start_time, MILLISECOND), NULL)
  ) AS duration_ms,
  status,
  error_message,
  bytes_billed
FROM executions
WHERE end_time IS NOT NULL

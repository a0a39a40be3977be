-- Which calls of tools have ended: one row an execution, its start and its end paired (document 000, tool_executions).
-- An end without a start has no start_time; calls that still run have no row. Filter by end_time.
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
    SAFE_CAST(JSON_VALUE(metadata, '$.latency_ms') AS FLOAT64) AS latency_ms
  FROM agent.chat_events
  WHERE event_type IN ('tool_start', 'tool_end')
),
executions AS (
  SELECT
    execution_id,
    MAX(tool_name) AS tool_name,
    MIN(IF(event_type = 'tool_start', event_timestamp, NULL)) AS start_time,
    MAX(IF(event_type = 'tool_end', event_timestamp, NULL)) AS end_time,
    MAX_BY(status, IF(event_type = 'tool_end', event_timestamp, NULL)) AS status,
    MAX_BY(error_message, IF(event_type = 'tool_end', event_timestamp, NULL)) AS error_message,
    MAX_BY(bytes_billed, IF(event_type = 'tool_end', event_timestamp, NULL)) AS bytes_billed,
    MAX_BY(latency_ms, IF(event_type = 'tool_end', event_timestamp, NULL)) AS latency_ms
  FROM events
  GROUP BY session_id, execution_id
)
SELECT
  execution_id,
  tool_name,
  start_time,
  end_time,
  COALESCE(TIMESTAMP_DIFF(end_time, start_time, MILLISECOND), CAST(ROUND(latency_ms) AS INT64)) AS duration_ms,
  status,
  error_message,
  bytes_billed
FROM executions
WHERE end_time IS NOT NULL

-- Which calls of tools started in these UTC days have no end, the newest first?
WITH events AS (
  SELECT
    session_id,
    user_id,
    event_type,
    event_timestamp,
    JSON_VALUE(metadata, '$.execution_id') AS execution_id,
    JSON_VALUE(metadata, '$.tool_name') AS tool_name
  FROM agent.chat_events
  WHERE event_timestamp >= @from_time
    AND event_timestamp < @read_to
    AND event_type IN ('tool_start', 'tool_end')
)
SELECT
  session_id,
  execution_id,
  MAX(user_id) AS user_id,
  IFNULL(MAX(tool_name), '') AS tool_name,
  MIN(event_timestamp) AS start_time
FROM events
GROUP BY session_id, execution_id
HAVING COUNTIF(event_type = 'tool_end') = 0
  AND MIN(event_timestamp) < @to_time
ORDER BY start_time DESC, session_id, execution_id
LIMIT @row_limit

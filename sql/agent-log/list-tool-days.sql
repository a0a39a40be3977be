-- How many calls of tools started on each of these UTC days, how many of them failed, and how many have no end?
WITH events AS (
  SELECT
    session_id,
    event_type,
    event_timestamp,
    JSON_VALUE(metadata, '$.execution_id') AS execution_id,
    JSON_VALUE(metadata, '$.tool_name') AS tool_name,
    JSON_VALUE(metadata, '$.status') AS status,
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
    MAX(tool_name) AS tool_name,
    COALESCE(MIN(IF(event_type = 'tool_start', event_timestamp, NULL)), MAX(event_timestamp)) AS called_at,
    COUNTIF(is_last_end) > 0 AS ended,
    COUNTIF(is_last_end AND status = 'failure') > 0 AS failed
  FROM events
  GROUP BY session_id, execution_id
)
SELECT
  DATE(called_at) AS day,
  COUNT(*) AS calls,
  COUNTIF(failed) AS failures,
  COUNTIF(NOT ended) AS not_ended
FROM calls
WHERE called_at >= @from_time
  AND called_at < @to_time
  AND (@tool = '' OR tool_name = @tool)
GROUP BY day
ORDER BY day
LIMIT 400

-- What happened in one session of an agent in these UTC days, in the order of time? A start says when its call ended and how;
-- of a call whose end was told more than once the last end says it.
WITH events AS (
  SELECT
    event_id,
    event_timestamp,
    session_id,
    user_id,
    event_type,
    content,
    metadata,
    client_info,
    JSON_VALUE(metadata, '$.execution_id') AS execution_id,
    IF(event_type IN ('tool_start', 'tool_end'), JSON_VALUE(metadata, '$.execution_id'), event_id) AS pair,
    event_type = 'tool_end' AND ROW_NUMBER() OVER (
      PARTITION BY session_id, event_type, JSON_VALUE(metadata, '$.execution_id')
      ORDER BY event_timestamp DESC, JSON_VALUE(metadata, '$.status')
    ) = 1 AS is_last_end
  FROM agent.chat_events
  WHERE event_timestamp >= @from_time
    AND event_timestamp < @to_time
    AND session_id = @session
),
paired AS (
  SELECT
    event_id,
    event_timestamp,
    UNIX_MICROS(event_timestamp) AS at_us,
    session_id,
    user_id,
    event_type,
    content,
    metadata,
    client_info,
    execution_id,
    JSON_VALUE(metadata, '$.tool_name') AS tool_name,
    MAX(IF(is_last_end, JSON_VALUE(metadata, '$.status'), NULL)) OVER (PARTITION BY pair) AS status,
    MAX(IF(is_last_end OR event_type = 'error', JSON_VALUE(metadata, '$.error_message'), NULL))
      OVER (PARTITION BY pair) AS error_message,
    MAX(IF(is_last_end, SAFE_CAST(JSON_VALUE(metadata, '$.bytes_billed') AS INT64), NULL))
      OVER (PARTITION BY pair) AS bytes_billed,
    MIN(IF(event_type = 'tool_start', event_timestamp, NULL)) OVER (PARTITION BY pair) AS started_at,
    MAX(IF(is_last_end, event_timestamp, NULL)) OVER (PARTITION BY pair) AS ended_at
  FROM events
)
SELECT
  event_id,
  event_timestamp,
  at_us,
  session_id,
  user_id,
  event_type,
  execution_id,
  tool_name,
  status,
  error_message,
  bytes_billed,
  started_at,
  ended_at,
  content IS NOT NULL AS has_content,
  IF(@with_content, TO_JSON_STRING(content), NULL) AS content,
  TO_JSON_STRING(metadata) AS metadata,
  TO_JSON_STRING(client_info) AS client_info
FROM paired
WHERE at_us > @after_us
  OR (at_us = @after_us AND event_id > @after_id)
ORDER BY at_us, event_id
LIMIT @row_limit

-- Which errors did agents and their tools report in these UTC days, by tool and message, the most frequent first?
-- Numbers, ids and quoted names of a message are taken out, so that one error of many things is one row. Of a call whose end
-- was told more than once the last end counts, that of the day after too.
WITH events AS (
  SELECT
    session_id,
    user_id,
    event_timestamp,
    IFNULL(JSON_VALUE(metadata, '$.tool_name'), '') AS tool_name,
    IFNULL(JSON_VALUE(metadata, '$.error_message'), '') AS message,
    JSON_VALUE(metadata, '$.status') AS status,
    event_type = 'error' AS is_error,
    event_type = 'tool_end' AND ROW_NUMBER() OVER (
      PARTITION BY session_id, event_type, JSON_VALUE(metadata, '$.execution_id')
      ORDER BY event_timestamp DESC, JSON_VALUE(metadata, '$.status')
    ) = 1 AS is_last_end
  FROM agent.chat_events
  WHERE event_timestamp >= @from_time
    AND event_timestamp < @read_to
    AND event_type IN ('tool_end', 'error')
),
kinds AS (
  SELECT
    session_id,
    user_id,
    event_timestamp,
    tool_name,
    message,
    REGEXP_REPLACE(
      REGEXP_REPLACE(
        -- A single quote after a letter is an apostrophe.
        REGEXP_REPLACE(
          REGEXP_REPLACE(SUBSTR(message, 1, 500), r'"[^"]*"|`[^`]*`', '…'),
          r"(^|[^0-9A-Za-z])(?:'[^']{1,100}')+",
          r'\1…'
        ),
        r'[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}|[0-9a-fA-F]{12,}',
        '…'
      ),
      r'[0-9][0-9.,:]*',
      '…'
    ) AS kind
  FROM events
  WHERE event_timestamp < @to_time
    AND (is_error OR (is_last_end AND status = 'failure'))
    AND (@tool = '' OR tool_name = @tool)
)
SELECT
  tool_name,
  kind,
  MAX_BY(message, event_timestamp) AS message,
  COUNT(*) AS errors,
  COUNT(DISTINCT user_id) AS users,
  COUNT(DISTINCT session_id) AS sessions,
  MIN(event_timestamp) AS first_at,
  MAX(event_timestamp) AS last_at,
  MAX_BY(session_id, event_timestamp) AS last_session
FROM kinds
GROUP BY tool_name, kind
ORDER BY errors DESC, last_at DESC, tool_name, kind
LIMIT 500

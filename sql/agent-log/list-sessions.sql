-- Which sessions of agents had events in these UTC days, the last active first? A filter picks sessions;
-- figures are of all events that the session has in these days, whatever the filter.
WITH events AS (
  SELECT
    session_id,
    user_id,
    event_type,
    event_timestamp,
    JSON_VALUE(metadata, '$.execution_id') AS execution_id,
    JSON_VALUE(metadata, '$.tool_name') AS tool_name,
    JSON_VALUE(metadata, '$.status') AS status,
    SAFE_CAST(JSON_VALUE(metadata, '$.tokens_in') AS FLOAT64) AS tokens_in,
    SAFE_CAST(JSON_VALUE(metadata, '$.tokens_out') AS FLOAT64) AS tokens_out,
    SAFE_CAST(JSON_VALUE(metadata, '$.cost_usd') AS FLOAT64) AS cost_usd,
    SAFE_CAST(JSON_VALUE(metadata, '$.bytes_billed') AS INT64) AS bytes_billed,
    JSON_VALUE(metadata, '$.repo_url') AS repo_url,
    JSON_VALUE(metadata, '$.commit_hash') AS commit_hash,
    event_type = 'tool_end' AND ROW_NUMBER() OVER (
      PARTITION BY session_id, event_type, JSON_VALUE(metadata, '$.execution_id')
      ORDER BY event_timestamp DESC, JSON_VALUE(metadata, '$.status')
    ) = 1 AS is_last_end
  FROM agent.chat_events
  WHERE event_timestamp >= @from_time
    AND event_timestamp < @to_time
    AND (@session = '' OR session_id = @session)
),
summed AS (
  SELECT
    session_id,
    MIN(event_timestamp) AS first_at,
    MAX(event_timestamp) AS last_at,
    UNIX_MILLIS(MAX(event_timestamp)) AS last_ms,
    MIN(user_id) AS user_id,
    COUNT(DISTINCT user_id) AS users,
    COUNT(*) AS events,
    COUNTIF(event_type = 'message_sent') AS messages,
    COUNTIF(event_type = 'error') AS errors,
    COUNT(DISTINCT IF(event_type IN ('tool_start', 'tool_end'), execution_id, NULL)) AS tool_calls,
    COUNTIF(is_last_end AND status = 'failure') AS failures,
    CAST(ROUND(SUM(IFNULL(tokens_in, 0) + IFNULL(tokens_out, 0))) AS INT64) AS tokens,
    SUM(cost_usd) AS cost_usd,
    SUM(IF(is_last_end, IFNULL(bytes_billed, 0), 0)) AS bytes_billed,
    IFNULL(MAX(IF(commit_hash IS NULL, NULL, repo_url)), MAX(repo_url)) AS repo_url,
    MAX(commit_hash) AS commit_hash
  FROM events AS event
  GROUP BY session_id
  HAVING (@search = '' OR STRPOS(LOWER(event.session_id), LOWER(@search)) > 0
      OR COUNTIF(STRPOS(LOWER(event.user_id), LOWER(@search)) > 0) > 0)
    AND (@user = '' OR COUNTIF(event.user_id = @user) > 0)
    AND (@tool = '' OR COUNTIF(event.tool_name = @tool) > 0)
    AND (@snapshot = '' OR COUNTIF(event.commit_hash = @snapshot) > 0)
    AND (NOT @only_errors OR COUNTIF(event.event_type = 'error' OR (event.is_last_end AND event.status = 'failure')) > 0)
)
SELECT
  session_id,
  first_at,
  last_at,
  last_ms,
  user_id,
  users,
  events,
  messages,
  errors,
  tool_calls,
  failures,
  tokens,
  cost_usd,
  bytes_billed,
  repo_url,
  commit_hash
FROM summed
WHERE last_ms < @after_ms
  OR (last_ms = @after_ms AND session_id < @after_session)
ORDER BY last_ms DESC, session_id DESC
LIMIT @row_limit

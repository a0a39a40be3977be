-- Which states of repositories were indexed for agents, the newest first, and who worked on them in these UTC days?
-- Addresses of one repository differ by their sender (https://…, git@…:…, .git at the end): what they have in common is compared.
WITH events AS (
  SELECT
    session_id,
    event_timestamp,
    REGEXP_REPLACE(
      REGEXP_REPLACE(JSON_VALUE(metadata, '$.repo_url'), r'^(?:[A-Za-z][A-Za-z0-9+.-]*://[^/]*/|[A-Za-z0-9_.-]+@[A-Za-z0-9_.-]+:)/*', ''),
      r'/*(?:\.git)?/*$',
      ''
    ) AS repository,
    LOWER(JSON_VALUE(metadata, '$.commit_hash')) AS commit_hash,
    IF(event_type IN ('tool_start', 'tool_end'), JSON_VALUE(metadata, '$.execution_id'), NULL) AS execution_id
  FROM agent.chat_events
  WHERE event_timestamp >= @from_time
    AND event_timestamp < @to_time
    AND JSON_VALUE(metadata, '$.commit_hash') IS NOT NULL
),
used AS (
  SELECT
    repository,
    commit_hash,
    COUNT(DISTINCT session_id) AS sessions,
    -- The id of a call pairs its events within a session only.
    COUNT(DISTINCT CONCAT(session_id, '\n', execution_id)) AS tool_calls,
    MAX(event_timestamp) AS last_used_at
  FROM events
  GROUP BY repository, commit_hash
)
SELECT
  snapshot.repo_url,
  snapshot.commit_hash,
  snapshot.indexed_at,
  UNIX_MILLIS(snapshot.indexed_at) AS indexed_ms,
  snapshot.file_count,
  snapshot.total_tokens,
  snapshot.vector_index_path,
  IFNULL(used.sessions, 0) AS sessions,
  IFNULL(used.tool_calls, 0) AS tool_calls,
  used.last_used_at
FROM agent.repo_snapshots AS snapshot
LEFT JOIN used
  ON used.repository = REGEXP_REPLACE(
    REGEXP_REPLACE(snapshot.repo_url, r'^(?:[A-Za-z][A-Za-z0-9+.-]*://[^/]*/|[A-Za-z0-9_.-]+@[A-Za-z0-9_.-]+:)/*', ''),
    r'/*(?:\.git)?/*$',
    ''
  )
  AND used.commit_hash = LOWER(snapshot.commit_hash)
WHERE (@search = '' OR STRPOS(LOWER(snapshot.repo_url), LOWER(@search)) > 0 OR STARTS_WITH(snapshot.commit_hash, LOWER(@search)))
  AND (
    UNIX_MILLIS(snapshot.indexed_at) < @after_ms
    OR (UNIX_MILLIS(snapshot.indexed_at) = @after_ms AND snapshot.commit_hash < @after_commit)
    OR (
      UNIX_MILLIS(snapshot.indexed_at) = @after_ms
      AND snapshot.commit_hash = @after_commit
      AND snapshot.repo_url > @after_repo
    )
  )
ORDER BY indexed_ms DESC, snapshot.commit_hash DESC, snapshot.repo_url
LIMIT @row_limit

-- Which states of repositories were indexed for agents, the newest first, and who worked on them in these UTC days?
WITH used AS (
  SELECT
    JSON_VALUE(metadata, '$.repo_url') AS repo_url,
    LOWER(JSON_VALUE(metadata, '$.commit_hash')) AS commit_hash,
    COUNT(DISTINCT session_id) AS sessions,
    COUNT(DISTINCT JSON_VALUE(metadata, '$.execution_id')) AS tool_calls,
    MAX(event_timestamp) AS last_used_at
  FROM agent.chat_events
  WHERE event_timestamp >= @from_time
    AND event_timestamp < @to_time
    AND JSON_VALUE(metadata, '$.commit_hash') IS NOT NULL
  GROUP BY repo_url, commit_hash
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
  ON used.repo_url = snapshot.repo_url
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

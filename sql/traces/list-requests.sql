-- Which requests to AI models did one session make in these UTC days, in the order of time?
SELECT
  request.trace_hash,
  request.session_id,
  request.developer_id,
  request.timestamp,
  UNIX_MILLIS(request.timestamp) AS at_ms,
  request.model,
  request.tokens_in,
  request.tokens_out,
  request.latency_ms,
  request.status_code,
  request.accepted_flag,
  request.repo_slug,
  request.cost_usd,
  request.diff_ratio,
  request.accepted_lines,
  detail.source,
  detail.provider,
  detail.operation,
  detail.trace_id,
  detail.span_id,
  detail.branch,
  detail.team,
  detail.tags,
  detail.cache_read_tokens,
  detail.cache_write_tokens,
  detail.cache_write_1h_tokens,
  detail.reasoning_tokens,
  detail.reported_cost_usd,
  detail.book_cost_usd,
  detail.from_cache,
  detail.is_stream,
  detail.first_token_ms,
  detail.error_code,
  detail.error_message,
  detail.timestamp_assumed,
  IFNULL(request.status_code >= 400, FALSE) OR detail.error_code IS NOT NULL AS failed
FROM tenant.sessions AS request
LEFT JOIN tenant.session_details AS detail
  ON detail.trace_hash = request.trace_hash
  AND detail.event_date = request.event_date
WHERE request.event_date BETWEEN @from_day AND @to_day
  AND IFNULL(request.session_id, request.trace_hash) = @session_key
  AND (
    UNIX_MILLIS(request.timestamp) > @after_ms
    OR (UNIX_MILLIS(request.timestamp) = @after_ms AND request.trace_hash > @after_hash)
  )
ORDER BY at_ms, request.trace_hash
LIMIT @row_limit

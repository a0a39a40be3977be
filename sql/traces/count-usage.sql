-- What did requests to AI models use and cost in these UTC days, in all and by model, developer or repository?
-- Days whose rows retention removed count by their aggregates. An empty name is that none was sent.
-- A request without a session is one of its own, as in the list of sessions.
WITH used AS (
  SELECT
    request.model,
    request.developer_id,
    request.repo_slug,
    IFNULL(request.session_id, request.trace_hash) AS session_key,
    0 AS earlier_sessions,
    1 AS requests,
    IF(IFNULL(request.status_code >= 400, FALSE) OR detail.error_code IS NOT NULL, 1, 0) AS failed,
    request.accepted_flag AS accepted,
    request.tokens_in,
    request.tokens_out,
    IFNULL(detail.cache_read_tokens, 0) AS cache_read_tokens,
    request.cost_usd,
    IFNULL(detail.book_cost_usd, 0) AS book_cost_usd,
    IF(detail.book_cost_usd IS NULL, 1, 0) AS unpriced
  FROM tenant.sessions AS request
  LEFT JOIN tenant.session_details AS detail
    ON detail.trace_hash = request.trace_hash
    AND detail.event_date = request.event_date
  WHERE request.event_date BETWEEN @from_day AND @to_day
  UNION ALL
  SELECT
    day.model,
    day.developer_id,
    day.repo_slug,
    CAST(NULL AS STRING) AS session_key,
    day.sessions AS earlier_sessions,
    day.requests,
    day.failed,
    day.flagged AS accepted,
    day.tokens_in,
    day.tokens_out,
    day.cache_read_tokens,
    day.cost_usd,
    day.book_cost_usd,
    day.unpriced
  FROM tenant.ai_usage_days AS day
  WHERE day.event_date BETWEEN @from_day AND @to_day
),
named AS (
  SELECT
    IFNULL(CASE @breakdown WHEN 'model' THEN model WHEN 'developer' THEN developer_id ELSE repo_slug END, '') AS name,
    session_key,
    earlier_sessions,
    requests,
    failed,
    accepted,
    tokens_in,
    tokens_out,
    cache_read_tokens,
    cost_usd,
    book_cost_usd,
    unpriced
  FROM used
  WHERE (@model = '' OR IFNULL(model, '(none)') = @model)
    AND (@developer = '' OR IFNULL(developer_id, '(none)') = @developer)
    AND (@repository = '' OR IFNULL(repo_slug, '(none)') = @repository)
)
SELECT
  GROUPING(name) = 1 AS is_total,
  name,
  COUNT(DISTINCT session_key) + SUM(earlier_sessions) AS sessions,
  SUM(requests) AS requests,
  SUM(failed) AS failed,
  SUM(accepted) AS accepted,
  SUM(tokens_in) AS tokens_in,
  SUM(tokens_out) AS tokens_out,
  SUM(cache_read_tokens) AS cache_read_tokens,
  SUM(cost_usd) AS cost_usd,
  SUM(book_cost_usd) AS book_cost_usd,
  SUM(unpriced) AS unpriced
FROM named
GROUP BY ROLLUP(name)
HAVING COUNT(*) > 0
ORDER BY is_total DESC, book_cost_usd DESC, requests DESC, name
LIMIT 1001

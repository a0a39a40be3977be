-- Which sessions had requests to AI models in these UTC days that match the filter, the last active first?
-- A request without a session stands alone, under its own hash.
WITH matching AS (
  SELECT
    IFNULL(request.session_id, request.trace_hash) AS session_key,
    request.session_id,
    request.trace_hash,
    request.timestamp,
    request.model,
    request.developer_id,
    request.repo_slug,
    request.accepted_flag,
    request.total_tokens,
    request.cost_usd,
    detail.book_cost_usd,
    IFNULL(request.status_code >= 400, FALSE) OR detail.error_code IS NOT NULL AS failed
  FROM tenant.sessions AS request
  LEFT JOIN tenant.session_details AS detail
    ON detail.trace_hash = request.trace_hash
    AND detail.event_date = request.event_date
  WHERE request.event_date BETWEEN @from_day AND @to_day
    AND (@model = '' OR IFNULL(request.model, '(none)') = @model)
    AND (@developer = '' OR IFNULL(request.developer_id, '(none)') = @developer)
    AND (@repository = '' OR IFNULL(request.repo_slug, '(none)') = @repository)
    AND (
      @search = ''
      OR STARTS_WITH(request.session_id, @search)
      OR detail.trace_id = @search
      OR request.trace_hash = @search
    )
),
summed AS (
  SELECT
    session_key,
    MIN(session_id) AS session_id,
    MIN(trace_hash) AS first_hash,
    MIN(timestamp) AS first_at,
    MAX(timestamp) AS last_at,
    UNIX_MILLIS(MAX(timestamp)) AS last_ms,
    COUNT(*) AS requests,
    COUNTIF(failed) AS failed,
    SUM(accepted_flag) AS accepted,
    SUM(total_tokens) AS total_tokens,
    SUM(cost_usd) AS cost_usd,
    SUM(IFNULL(book_cost_usd, 0)) AS book_cost_usd,
    COUNTIF(book_cost_usd IS NULL) AS unpriced,
    MIN(developer_id) AS developer_id,
    COUNT(DISTINCT developer_id) AS developers,
    MIN(repo_slug) AS repo_slug,
    COUNT(DISTINCT repo_slug) AS repositories,
    MIN(model) AS model,
    COUNT(DISTINCT model) AS models
  FROM matching
  GROUP BY session_key
)
SELECT
  session_key,
  session_id,
  first_hash,
  first_at,
  last_at,
  last_ms,
  requests,
  failed,
  accepted,
  total_tokens,
  cost_usd,
  book_cost_usd,
  unpriced,
  developer_id,
  developers,
  repo_slug,
  repositories,
  model,
  models
FROM summed
WHERE last_ms < @after_ms
  OR (last_ms = @after_ms AND first_hash < @after_hash)
ORDER BY last_ms DESC, first_hash DESC
LIMIT @row_limit

-- Which models answered requests in these UTC days, at what cost and latency, and how often did they fail?
-- Days whose rows retention removed count by their aggregates; these know no latency.
WITH used AS (
  SELECT
    IFNULL(request.model, '') AS model,
    detail.provider,
    1 AS requests,
    IF(IFNULL(request.status_code >= 400, FALSE) OR detail.error_code IS NOT NULL, 1, 0) AS failed,
    request.tokens_in,
    request.tokens_out,
    IFNULL(detail.cache_read_tokens, 0) AS cache_read_tokens,
    request.cost_usd,
    IFNULL(detail.book_cost_usd, 0) AS book_cost_usd,
    IF(detail.book_cost_usd IS NULL, 1, 0) AS unpriced,
    IF(
      IFNULL(request.status_code >= 400, FALSE) OR detail.error_code IS NOT NULL,
      CAST(NULL AS FLOAT64),
      request.latency_ms
    ) AS latency_ms
  FROM tenant.sessions AS request
  LEFT JOIN tenant.session_details AS detail
    ON detail.trace_hash = request.trace_hash
    AND detail.event_date = request.event_date
  WHERE request.event_date BETWEEN @from_day AND @to_day
    AND (@developer = '' OR IFNULL(request.developer_id, '(none)') = @developer)
    AND (@repository = '' OR IFNULL(request.repo_slug, '(none)') = @repository)
  UNION ALL
  SELECT
    IFNULL(day.model, '') AS model,
    day.provider,
    day.requests,
    day.failed,
    day.tokens_in,
    day.tokens_out,
    day.cache_read_tokens,
    day.cost_usd,
    day.book_cost_usd,
    day.unpriced,
    CAST(NULL AS FLOAT64) AS latency_ms
  FROM tenant.ai_usage_days AS day
  WHERE day.event_date BETWEEN @from_day AND @to_day
    AND (@developer = '' OR IFNULL(day.developer_id, '(none)') = @developer)
    AND (@repository = '' OR IFNULL(day.repo_slug, '(none)') = @repository)
)
SELECT
  model,
  MAX(provider) AS provider,
  SUM(requests) AS requests,
  SUM(failed) AS failed,
  SUM(tokens_in) AS tokens_in,
  SUM(tokens_out) AS tokens_out,
  SUM(cache_read_tokens) AS cache_read_tokens,
  SUM(cost_usd) AS cost_usd,
  SUM(book_cost_usd) AS book_cost_usd,
  SUM(unpriced) AS unpriced,
  APPROX_QUANTILES(latency_ms, 100)[SAFE_OFFSET(50)] AS p50_ms,
  APPROX_QUANTILES(latency_ms, 100)[SAFE_OFFSET(95)] AS p95_ms
FROM used
GROUP BY model
ORDER BY book_cost_usd DESC, requests DESC, model
LIMIT 1000

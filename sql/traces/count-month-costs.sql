-- What did requests to AI models cost by the price book in these UTC days, of all, or of the developers, repositories and models named?
-- Days whose rows retention removed count by their aggregates. A subject is its scope, a colon and its name as filters write it.
WITH used AS (
  SELECT
    request.model,
    request.developer_id,
    request.repo_slug,
    1 AS requests,
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
    day.requests,
    day.book_cost_usd,
    day.unpriced
  FROM tenant.ai_usage_days AS day
  WHERE day.event_date BETWEEN @from_day AND @to_day
),
summed AS (
  SELECT
    IFNULL(model, '(none)') AS model,
    IFNULL(developer_id, '(none)') AS developer,
    IFNULL(repo_slug, '(none)') AS repository,
    SUM(requests) AS requests,
    SUM(book_cost_usd) AS book_cost_usd,
    SUM(unpriced) AS unpriced
  FROM used
  GROUP BY model, developer, repository
),
named AS (
  SELECT 'all' AS scope, '' AS subject, requests, book_cost_usd, unpriced FROM summed
  UNION ALL
  SELECT 'developer' AS scope, developer AS subject, requests, book_cost_usd, unpriced FROM summed
  UNION ALL
  SELECT 'repository' AS scope, repository AS subject, requests, book_cost_usd, unpriced FROM summed
  UNION ALL
  SELECT 'model' AS scope, model AS subject, requests, book_cost_usd, unpriced FROM summed
)
SELECT
  scope,
  subject,
  SUM(requests) AS requests,
  SUM(book_cost_usd) AS book_cost_usd,
  SUM(unpriced) AS unpriced
FROM named
WHERE CONCAT(scope, ':', subject) IN UNNEST(@subjects)
GROUP BY scope, subject
ORDER BY scope, subject
LIMIT 1000

-- What did requests to AI models use on each of these UTC days, in all and by the four names that cost most in them?
-- Place 0 is the whole day, 1 to 4 are those names, 5 is all others. Days whose rows retention removed count by their aggregates.
-- A request without a session is one of its own, as in the list of sessions.
WITH used AS (
  SELECT
    request.event_date,
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
    day.event_date,
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
    day.cost_usd,
    day.book_cost_usd,
    day.unpriced
  FROM tenant.ai_usage_days AS day
  WHERE day.event_date BETWEEN @from_day AND @to_day
),
named AS (
  SELECT
    event_date,
    IFNULL(CASE @breakdown WHEN 'model' THEN model WHEN 'developer' THEN developer_id ELSE repo_slug END, '') AS name,
    session_key,
    earlier_sessions,
    requests,
    failed,
    accepted,
    tokens_in,
    tokens_out,
    cost_usd,
    book_cost_usd,
    unpriced
  FROM used
  WHERE (@model = '' OR IFNULL(model, '(none)') = @model)
    AND (@developer = '' OR IFNULL(developer_id, '(none)') = @developer)
    AND (@repository = '' OR IFNULL(repo_slug, '(none)') = @repository)
),
costs AS (
  SELECT
    name,
    SUM(book_cost_usd) AS book_cost_usd,
    SUM(requests) AS requests
  FROM named
  GROUP BY name
),
places AS (
  SELECT
    name,
    LEAST(5, ROW_NUMBER() OVER (ORDER BY book_cost_usd DESC, requests DESC, name)) AS place
  FROM costs
)
SELECT
  named.event_date,
  IF(GROUPING(places.place) = 1, 0, places.place) AS place,
  MIN(named.name) AS name,
  COUNT(DISTINCT named.session_key) + SUM(named.earlier_sessions) AS sessions,
  SUM(named.requests) AS requests,
  SUM(named.failed) AS failed,
  SUM(named.accepted) AS accepted,
  SUM(named.tokens_in) AS tokens_in,
  SUM(named.tokens_out) AS tokens_out,
  SUM(named.cost_usd) AS cost_usd,
  SUM(named.book_cost_usd) AS book_cost_usd,
  SUM(named.unpriced) AS unpriced
FROM named
INNER JOIN places
  ON places.name = named.name
GROUP BY ROLLUP(named.event_date, places.place)
HAVING GROUPING(named.event_date) = 0
ORDER BY event_date, place
LIMIT 10000

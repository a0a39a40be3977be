-- Which models, developers and repositories did requests to AI models name in these UTC days, the 200 busiest of each kind?
WITH used AS (
  SELECT
    request.model,
    request.developer_id,
    request.repo_slug,
    1 AS requests
  FROM tenant.sessions AS request
  WHERE request.event_date BETWEEN @from_day AND @to_day
  UNION ALL
  SELECT
    day.model,
    day.developer_id,
    day.repo_slug,
    day.requests
  FROM tenant.ai_usage_days AS day
  WHERE day.event_date BETWEEN @from_day AND @to_day
),
named AS (
  SELECT 'model' AS kind, IFNULL(model, '(none)') AS name, requests FROM used
  UNION ALL
  SELECT 'developer' AS kind, IFNULL(developer_id, '(none)') AS name, requests FROM used
  UNION ALL
  SELECT 'repository' AS kind, IFNULL(repo_slug, '(none)') AS name, requests FROM used
),
counted AS (
  SELECT
    kind,
    name,
    SUM(requests) AS requests
  FROM named
  GROUP BY kind, name
),
placed AS (
  SELECT
    kind,
    name,
    ROW_NUMBER() OVER (PARTITION BY kind ORDER BY requests DESC, name) AS place
  FROM counted
)
SELECT
  kind,
  name
FROM placed
WHERE place <= 200
ORDER BY kind, name
LIMIT 600

-- Correlate AI Usage with PRs: on which ten pull requests merged in these UTC days did their authors' sessions cost most?
-- As the document asks it: the developer is named as the author is, in whatever repository, at the document's prices.
SELECT
  pull.number,
  pull.title,
  pull.author,
  COUNT(DISTINCT request.session_id) AS ai_sessions,
  SUM(request.total_tokens) AS tokens_used,
  SUM(request.cost_usd) AS cost,
  pull.id,
  pull.repo_slug
FROM tenant.pull_requests AS pull
LEFT JOIN tenant.sessions AS request
  ON request.developer_id = pull.author
  AND request.event_date BETWEEN DATE(pull.created_at) AND DATE(pull.merged_at)
  AND request.event_date BETWEEN @first_request_day AND @to_day
WHERE pull.state = 'merged'
  AND DATE(pull.merged_at) BETWEEN @from_day AND @to_day
GROUP BY pull.id, pull.number, pull.title, pull.author, pull.repo_slug
ORDER BY cost DESC, pull.id DESC
LIMIT 10

-- Sessions by Date Range: how many requests, tokens and dollars did each developer use in these UTC days, in one repository or all, highest cost first?
SELECT
  request.developer_id,
  COUNT(*) AS session_count,
  SUM(request.total_tokens) AS total_tokens,
  SUM(request.cost_usd) AS total_cost
FROM tenant.sessions AS request
WHERE request.event_date BETWEEN @from_day AND @to_day
  AND (@repository = '' OR IFNULL(request.repo_slug, '(none)') = @repository)
GROUP BY request.developer_id
ORDER BY total_cost DESC, request.developer_id
LIMIT 1000

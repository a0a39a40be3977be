-- Which models had requests without a book price in these UTC days, the busiest first?
SELECT
  detail.provider,
  request.model,
  COUNT(*) AS requests,
  SUM(request.total_tokens) AS tokens,
  MAX(request.event_date) AS last_day
FROM tenant.sessions AS request
JOIN tenant.session_details AS detail
  ON detail.trace_hash = request.trace_hash
  AND detail.event_date = request.event_date
WHERE request.event_date BETWEEN @from_day AND @to_day
  AND detail.event_date BETWEEN @from_day AND @to_day
  AND detail.book_cost_usd IS NULL
  AND request.model IS NOT NULL
GROUP BY detail.provider, request.model
ORDER BY requests DESC, request.model, detail.provider
LIMIT 50

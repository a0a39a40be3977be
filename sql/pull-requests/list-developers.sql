-- Which developers sent requests to AI models in these UTC days, with what cost, the dearest first?
SELECT
  request.developer_id,
  COUNT(*) AS requests,
  SUM(IFNULL(detail.book_cost_usd, 0)) AS book_cost_usd,
  COUNTIF(detail.book_cost_usd IS NULL) AS unpriced,
  MAX(request.timestamp) AS last_at
FROM tenant.sessions AS request
LEFT JOIN tenant.session_details AS detail
  ON detail.trace_hash = request.trace_hash
  AND detail.event_date = request.event_date
WHERE request.event_date BETWEEN @from_day AND @to_day
  AND request.developer_id IS NOT NULL
GROUP BY request.developer_id
ORDER BY book_cost_usd DESC, request.developer_id
LIMIT 5000

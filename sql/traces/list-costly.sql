-- Find High-Cost Sessions: which 20 requests cost most, of those beyond the limit, in these UTC days?
SELECT
  request.session_id,
  request.developer_id,
  request.model,
  request.total_tokens,
  request.cost_usd,
  request.timestamp,
  request.trace_hash
FROM tenant.sessions AS request
WHERE request.event_date BETWEEN @from_day AND @to_day
  AND request.cost_usd > @high_cost_usd
ORDER BY request.cost_usd DESC, request.timestamp DESC, request.trace_hash
LIMIT 20

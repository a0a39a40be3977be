-- Who occurs in the customer's audit log since a day, the busiest first? People and keys one by one, the rest by kind.
SELECT
  actor_type,
  IF(actor_type IN ('user', 'person', 'api_key'), actor_id, '') AS actor_id,
  COUNT(*) AS entries
FROM customers.customer_audit_log
WHERE customer_id = @customer_id AND occurred_at >= @from_time
GROUP BY 1, 2
ORDER BY entries DESC, actor_type, actor_id
LIMIT 200

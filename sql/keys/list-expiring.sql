-- Which of the customer's API keys end within 14 days and have no replacement, the first to end first?
SELECT k.api_key_id, k.key_name, k.expires_at
FROM customers.customer_api_keys AS k
LEFT JOIN customers.customer_api_keys AS successor
  ON successor.customer_id = @customer_id AND successor.rotated_from = k.api_key_id
WHERE k.customer_id = @customer_id
  AND k.is_active
  AND k.expires_at > @now
  AND k.expires_at <= TIMESTAMP_ADD(@now, INTERVAL 336 HOUR)
  AND successor.api_key_id IS NULL
ORDER BY k.expires_at, k.api_key_id
LIMIT @row_limit

-- How many API keys has the customer, how many of them work, and how many of those end within 14 days?
SELECT
  COUNT(*) AS all_keys,
  COUNTIF(k.is_active AND IFNULL(k.expires_at > @now, TRUE)) AS working_keys,
  COUNTIF(k.is_active AND k.expires_at > @now AND successor.api_key_id IS NULL
    AND k.expires_at <= TIMESTAMP_ADD(@now, INTERVAL 336 HOUR)) AS expiring_keys
FROM customers.customer_api_keys AS k
LEFT JOIN customers.customer_api_keys AS successor
  ON successor.customer_id = @customer_id AND successor.rotated_from = k.api_key_id
WHERE k.customer_id = @customer_id

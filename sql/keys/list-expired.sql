-- Which customers' API keys have expired and are still marked active (document 003, "Expired API Keys"), the longest ago first?
SELECT
  p.company_name, k.customer_id, k.api_key_id, k.key_name, k.created_by, k.expires_at, k.last_used_at
FROM customers.customer_api_keys AS k
JOIN customers.customer_profiles AS p ON p.customer_id = k.customer_id
WHERE k.expires_at < @now
  AND k.is_active = TRUE
ORDER BY k.expires_at, k.api_key_id
LIMIT 1000

-- Which API keys has the customer, filtered and in the chosen order, and how many match in all?
-- `position` grows along the chosen order, so that a page starts after (position, api_key_id) of the last row shown.
WITH known AS (
  SELECT
    k.api_key_id, k.key_name, k.key_prefix, k.key_last4, k.scopes, k.credential_ids, k.rate_limit_tier,
    k.created_by, k.created_at, k.updated_at, k.expires_at, k.last_used_at,
    k.is_active, k.deactivated_by, k.deactivated_at, k.deactivation_reason,
    k.rotated_from, successor.api_key_id AS replaced_by,
    CASE
      WHEN NOT k.is_active AND IFNULL(k.expires_at <= k.deactivated_at, FALSE) THEN 'EXPIRED'
      WHEN NOT k.is_active THEN 'REVOKED'
      WHEN IFNULL(k.expires_at <= @now, FALSE) THEN 'EXPIRED'
      WHEN successor.api_key_id IS NOT NULL THEN 'REPLACED'
      WHEN IFNULL(k.expires_at <= TIMESTAMP_ADD(@now, INTERVAL 336 HOUR), FALSE) THEN 'EXPIRES_SOON'
      ELSE 'ACTIVE'
    END AS status
  FROM customers.customer_api_keys AS k
  LEFT JOIN customers.customer_api_keys AS successor
    ON successor.customer_id = @customer_id AND successor.rotated_from = k.api_key_id
  WHERE k.customer_id = @customer_id
),
matching AS (
  SELECT
    api_key_id, key_name, key_prefix, key_last4, scopes, credential_ids, rate_limit_tier,
    created_by, created_at, updated_at, expires_at, last_used_at,
    is_active, deactivated_by, deactivated_at, deactivation_reason,
    rotated_from, replaced_by,
    IF(@dir = 'asc', 1, -1) * UNIX_MILLIS(CASE @sort
      WHEN 'last_used' THEN IFNULL(last_used_at, TIMESTAMP '0001-01-01 00:00:00+00')
      WHEN 'expires' THEN IFNULL(expires_at, TIMESTAMP '9999-12-31 00:00:00+00')
      ELSE created_at
    END) AS position
  FROM known
  WHERE CASE @status
      WHEN 'active' THEN status IN ('ACTIVE', 'EXPIRES_SOON', 'REPLACED')
      WHEN 'expiring' THEN status = 'EXPIRES_SOON'
      WHEN 'expired' THEN status = 'EXPIRED'
      WHEN 'revoked' THEN status = 'REVOKED'
      ELSE TRUE
    END
    AND (
      @q = ''
      OR STRPOS(LOWER(key_name), LOWER(@q)) > 0
      OR (LENGTH(@q) >= 4 AND (STARTS_WITH(key_prefix, @q) OR ENDS_WITH(key_prefix, CONCAT('_', @q))))
      OR api_key_id = @q
    )
)
SELECT
  api_key_id, key_name, key_prefix, key_last4, scopes, credential_ids, rate_limit_tier,
  created_by, created_at, updated_at, expires_at, last_used_at,
  is_active, deactivated_by, deactivated_at, deactivation_reason,
  rotated_from, replaced_by, position,
  (SELECT COUNT(*) FROM matching) AS total
FROM matching
WHERE NOT @is_later_page
  OR position > @after_position
  OR (position = @after_position AND api_key_id > @after_id)
ORDER BY position, api_key_id
LIMIT @row_limit

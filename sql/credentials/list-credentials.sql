-- Which cloud credentials has the customer, filtered and in the chosen order, and how many match in all?
-- `position` is text that sorts as what was chosen; a page starts after (position, credential_id) of the last row shown.
WITH known AS (
  SELECT
    credential_id, provider, credential_type, credential_name, project_id, account_id, region, scopes,
    last_validated_at, validation_status, validation_error, created_at, updated_at, is_active, created_by, updated_by,
    last_used_at, usage_count, kind, secret_hint, secret_version, secret_stored_at, previous_until, expires_at,
    failing_since,
    CASE
      WHEN IFNULL(expires_at <= @now, FALSE) OR IFNULL(validation_status = 'EXPIRED', FALSE) THEN 'expired'
      WHEN IFNULL(validation_status = 'INVALID', FALSE) THEN 'failing'
      WHEN IFNULL(expires_at <= TIMESTAMP_ADD(@now, INTERVAL 336 HOUR), FALSE) THEN 'expires_soon'
      WHEN IFNULL(validation_status = 'VALID', FALSE) THEN 'healthy'
      ELSE 'untested'
    END AS health,
    CASE @sort
      WHEN 'name' THEN LOWER(credential_name)
      WHEN 'expires' THEN IFNULL(LPAD(CAST(UNIX_MILLIS(expires_at) AS STRING), 15, '0'), '999999999999999')
      WHEN 'last_used' THEN IFNULL(LPAD(CAST(UNIX_MILLIS(last_used_at) AS STRING), 15, '0'), '000000000000000')
      ELSE LPAD(CAST(UNIX_MILLIS(created_at) AS STRING), 15, '0')
    END AS position
  FROM customers.customer_cloud_credentials
  WHERE customer_id = @customer_id AND is_active
),
matching AS (
  SELECT
    credential_id, provider, credential_type, credential_name, project_id, account_id, region, scopes,
    last_validated_at, validation_status, validation_error, created_at, updated_at, is_active, created_by, updated_by,
    last_used_at, usage_count, kind, secret_hint, secret_version, secret_stored_at, previous_until, expires_at,
    failing_since, position
  FROM known
  WHERE (@health = 'all' OR health = @health)
    AND (@provider = '' OR provider = @provider)
    AND (
      @q = ''
      OR STRPOS(LOWER(credential_name), LOWER(@q)) > 0
      OR (LENGTH(@q) >= 4 AND STARTS_WITH(secret_hint, @q))
      OR credential_id = @q
    )
)
SELECT
  credential_id, provider, credential_type, credential_name, project_id, account_id, region, scopes,
  last_validated_at, validation_status, validation_error, created_at, updated_at, is_active, created_by, updated_by,
  last_used_at, usage_count, kind, secret_hint, secret_version, secret_stored_at, previous_until, expires_at,
  failing_since, position,
  (SELECT COUNT(*) FROM matching) AS total
FROM matching
WHERE NOT @is_later_page
  OR (@dir = 'asc' AND position > @after_position)
  OR (@dir = 'desc' AND position < @after_position)
  OR (position = @after_position AND credential_id > @after_id)
ORDER BY
  IF(@dir = 'asc', position, '') ASC,
  IF(@dir = 'desc', position, '') DESC,
  credential_id
LIMIT @row_limit

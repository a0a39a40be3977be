-- Which rows of customers.customer_api_keys may the person who asks see? Those of customers they are an active member of.
-- Generated from schemas/ by `npm run generate`; change the JSON files, not this one.
CREATE OR REPLACE VIEW customers_rls.customer_api_keys_view AS
SELECT
  source.api_key_id,
  source.customer_id,
  source.key_name,
  source.scopes,
  source.created_at,
  source.expires_at,
  source.last_used_at,
  source.is_active,
  source.created_by,
  source.deactivated_by,
  source.deactivated_at,
  source.deactivation_reason,
  source.rate_limit_tier,
  source.key_prefix,
  source.key_last4,
  source.rotated_from,
  source.updated_at,
  source.credential_ids
FROM customers.customer_api_keys AS source
WHERE source.customer_id IN (
  SELECT member.customer_id
  FROM customers.customer_team_members AS member
  WHERE member.email = LOWER(SESSION_USER()) AND member.status = 'ACTIVE'
);

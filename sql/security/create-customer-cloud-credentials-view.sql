-- Which rows of customers.customer_cloud_credentials may the person who asks see? Those of customers they are an active member of.
-- Generated from schemas/ by `npm run generate`; change the JSON files, not this one.
CREATE OR REPLACE VIEW customers_rls.customer_cloud_credentials_view AS
SELECT
  source.credential_id,
  source.customer_id,
  source.provider,
  source.credential_type,
  source.credential_name,
  source.project_id,
  source.account_id,
  source.region,
  source.scopes,
  source.last_validated_at,
  source.validation_status,
  source.validation_error,
  source.created_at,
  source.updated_at,
  source.is_active,
  source.created_by,
  source.updated_by,
  source.last_used_at,
  source.usage_count,
  source.kind,
  source.secret_hint,
  source.secret_version,
  source.secret_stored_at,
  source.previous_until,
  source.expires_at,
  source.failing_since
FROM customers.customer_cloud_credentials AS source
WHERE source.customer_id IN (
  SELECT member.customer_id
  FROM customers.customer_team_members AS member
  WHERE member.email = LOWER(SESSION_USER()) AND member.status = 'ACTIVE'
);

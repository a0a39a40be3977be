-- Which rows of customers.customer_profiles may the person who asks see? Those of customers they are an active member of.
-- Generated from schemas/ by `npm run generate`; change the JSON files, not this one.
CREATE OR REPLACE VIEW customers_rls.customer_profiles_view AS
SELECT
  source.customer_id,
  source.company_name,
  source.admin_email,
  source.tenant_dataset_id,
  source.status,
  source.subscription_plan,
  source.stripe_customer_id,
  source.created_at,
  source.updated_at,
  source.trial_start_date,
  source.trial_end_date,
  source.support_tier,
  source.billing_email,
  source.phone_number,
  source.data_residency,
  source.requires_hipaa,
  source.requires_soc2
FROM customers.customer_profiles AS source
WHERE source.customer_id IN (
  SELECT member.customer_id
  FROM customers.customer_team_members AS member
  WHERE member.email = LOWER(SESSION_USER()) AND member.status = 'ACTIVE'
);

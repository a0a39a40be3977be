-- Which rows of customers.customer_subscriptions may the person who asks see? Those of customers they are an active member of.
-- Generated from schemas/ by `npm run generate`; change the JSON files, not this one.
CREATE OR REPLACE VIEW customers_rls.customer_subscriptions_view AS
SELECT
  source.subscription_id,
  source.customer_id,
  source.plan_name,
  source.status,
  source.max_team_members,
  source.max_providers,
  source.max_pipelines_per_day,
  source.max_concurrent_pipelines,
  source.max_storage_gb,
  source.max_api_calls_per_day,
  source.trial_start_date,
  source.trial_end_date,
  source.is_trial,
  source.subscription_start_date,
  source.subscription_end_date,
  source.billing_cycle,
  source.stripe_subscription_id,
  source.stripe_plan_id,
  source.stripe_status,
  source.monthly_price_usd,
  source.annual_price_usd,
  source.currency,
  source.created_at,
  source.updated_at,
  source.cancelled_at,
  source.cancellation_reason,
  source.auto_renew,
  source.next_billing_date,
  source.max_api_calls_per_month
FROM customers.customer_subscriptions AS source
WHERE source.customer_id IN (
  SELECT member.customer_id
  FROM customers.customer_team_members AS member
  WHERE member.email = LOWER(SESSION_USER()) AND member.status = 'ACTIVE'
);

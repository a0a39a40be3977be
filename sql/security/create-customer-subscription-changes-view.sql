-- Which rows of customers.customer_subscription_changes may the person who asks see? Those of customers they are an active member of.
-- Generated from schemas/ by `npm run generate`; change the JSON files, not this one.
CREATE OR REPLACE VIEW customers_rls.customer_subscription_changes_view AS
SELECT
  source.change_id,
  source.customer_id,
  source.subscription_id,
  source.changed_at,
  source.from_plan,
  source.to_plan,
  source.from_status,
  source.to_status,
  source.cause
FROM customers.customer_subscription_changes AS source
WHERE source.customer_id IN (
  SELECT member.customer_id
  FROM customers.customer_team_members AS member
  WHERE member.email = LOWER(SESSION_USER()) AND member.status = 'ACTIVE'
);

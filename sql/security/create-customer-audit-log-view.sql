-- Which rows of customers.customer_audit_log may the person who asks see? Those of customers they are an active member of.
-- Generated from schemas/ by `npm run generate`; change the JSON files, not this one.
CREATE OR REPLACE VIEW customers_rls.customer_audit_log_view AS
SELECT
  source.audit_id,
  source.customer_id,
  source.sequence,
  source.occurrences,
  source.occurred_at,
  source.actor_type,
  source.actor_id,
  source.action,
  source.target_type,
  source.target_id,
  source.outcome,
  source.before,
  source.after,
  source.request_id,
  source.ip_prefix,
  source.user_agent
FROM customers.customer_audit_log AS source
WHERE source.customer_id IN (
  SELECT member.customer_id
  FROM customers.customer_team_members AS member
  WHERE member.email = LOWER(SESSION_USER()) AND member.status = 'ACTIVE'
);

-- Which rows of customers.customer_team_members may the person who asks see? Those of customers they are an active member of.
-- Generated from schemas/ by `npm run generate`; change the JSON files, not this one.
CREATE OR REPLACE VIEW customers_rls.customer_team_members_view AS
SELECT
  source.member_id,
  source.customer_id,
  source.email,
  source.full_name,
  source.avatar_url,
  source.role,
  source.permissions,
  source.status,
  source.is_active,
  source.invited_by,
  source.invited_at,
  source.invitation_expires_at,
  source.joined_at,
  source.last_login_at,
  source.last_activity_at,
  source.login_count,
  source.created_at,
  source.updated_at,
  source.removed_at,
  source.removed_by,
  source.removal_reason,
  source.email_notifications,
  source.slack_notifications,
  source.timezone
FROM customers.customer_team_members AS source
WHERE source.customer_id IN (
  SELECT member.customer_id
  FROM customers.customer_team_members AS member
  WHERE member.email = LOWER(SESSION_USER()) AND member.status = 'ACTIVE'
);

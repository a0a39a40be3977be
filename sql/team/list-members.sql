-- Who are the customer's members, longest first?
SELECT
  member_id, email, full_name, role, status, invited_by, invitation_expires_at, joined_at, last_login_at, updated_at
FROM customers.customer_team_members
WHERE customer_id = @customer_id
  AND status IN ('ACTIVE', 'SUSPENDED')
ORDER BY joined_at, member_id
LIMIT 1000

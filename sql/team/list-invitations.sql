-- Which invitations has the customer sent that nobody has accepted, those that end first on top; expired ones too?
SELECT
  member_id, email, full_name, role, status, invited_by, invitation_expires_at, joined_at, last_login_at, updated_at
FROM customers.customer_team_members
WHERE customer_id = @customer_id
  AND status = 'INVITED'
ORDER BY invitation_expires_at, member_id
LIMIT 1000

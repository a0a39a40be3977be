-- Which rows of customers.customer_invoices may the person who asks see? Those of customers they are an active member of.
-- Generated from schemas/ by `npm run generate`; change the JSON files, not this one.
CREATE OR REPLACE VIEW customers_rls.customer_invoices_view AS
SELECT
  source.invoice_id,
  source.customer_id,
  source.stripe_subscription_id,
  source.number,
  source.status,
  source.billing_reason,
  source.currency,
  source.total_cents,
  source.amount_due_cents,
  source.amount_paid_cents,
  source.period_start,
  source.period_end,
  source.created_at,
  source.paid_at,
  source.attempt_count,
  source.next_attempt_at,
  source.last_error,
  source.updated_at
FROM customers.customer_invoices AS source
WHERE source.customer_id IN (
  SELECT member.customer_id
  FROM customers.customer_team_members AS member
  WHERE member.email = LOWER(SESSION_USER()) AND member.status = 'ACTIVE'
);

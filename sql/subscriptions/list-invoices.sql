-- Which invoices has the customer, newest first? Drafts and those of a trial, which ask for nothing, are left out.
-- `position` falls along the order, so that a page starts after (position, invoice_id) of the last row shown.
SELECT
  invoice_id, number, status, billing_reason, currency, total_cents, amount_due_cents, amount_paid_cents,
  period_start, period_end, created_at, paid_at, attempt_count, next_attempt_at, last_error, hosted_url, pdf_url,
  UNIX_MILLIS(created_at) AS position
FROM customers.customer_invoices
WHERE customer_id = @customer_id
  AND status != 'draft'
  AND total_cents != 0
  AND (
    NOT @is_later_page
    OR UNIX_MILLIS(created_at) < @after_position
    OR (UNIX_MILLIS(created_at) = @after_position AND invoice_id < @after_id)
  )
ORDER BY position DESC, invoice_id DESC
LIMIT @row_limit

-- For staff: what was invoiced to each customer in one month, and what of it is paid, by currency? Only invoices of the statuses given count.
SELECT
  invoice.customer_id,
  profile.company_name,
  invoice.currency,
  COUNT(*) AS invoices,
  SUM(invoice.total_cents) AS total_cents,
  SUM(invoice.amount_paid_cents) AS paid_cents
FROM customers.customer_invoices AS invoice
LEFT JOIN customers.customer_profiles AS profile
  ON profile.customer_id = invoice.customer_id
WHERE invoice.created_at >= TIMESTAMP(@first_day)
  AND invoice.created_at < TIMESTAMP(DATE_ADD(@last_day, INTERVAL 1 DAY))
  AND invoice.status IN UNNEST(@counted)
GROUP BY invoice.customer_id, profile.company_name, invoice.currency
ORDER BY invoice.customer_id, invoice.currency

-- For staff: whose trial ends within the given number of days, today included (document 003, "Trial Expiring Soon"), the soonest first?
SELECT
  customer_id, company_name, admin_email, subscription_plan, trial_end_date,
  DATE_DIFF(trial_end_date, @today, DAY) AS days_remaining
FROM customers.customer_profiles
WHERE status = 'TRIAL'
  AND trial_end_date BETWEEN @today AND DATE_ADD(@today, INTERVAL @days DAY)
ORDER BY trial_end_date, company_name
LIMIT 1000

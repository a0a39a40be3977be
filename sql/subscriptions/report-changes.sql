-- For staff: which subscriptions changed plan or status in one month, from what to what, and what brought it, the oldest first?
SELECT
  change.change_id,
  change.customer_id,
  profile.company_name,
  change.changed_at,
  change.from_plan,
  change.to_plan,
  change.from_status,
  change.to_status,
  change.cause
FROM customers.customer_subscription_changes AS change
LEFT JOIN customers.customer_profiles AS profile
  ON profile.customer_id = change.customer_id
WHERE change.changed_at >= TIMESTAMP(@first_day)
  AND change.changed_at < TIMESTAMP(DATE_ADD(@last_day, INTERVAL 1 DAY))
ORDER BY change.changed_at, change.change_id

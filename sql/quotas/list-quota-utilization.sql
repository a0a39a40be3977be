-- For staff: how much of today's limit has each customer with one of the given statuses used, highest first?
SELECT
  profile.customer_id,
  profile.company_name,
  profile.status,
  profile.subscription_plan,
  usage.usage_date,
  usage.pipelines_run_today,
  usage.daily_limit,
  ROUND(SAFE_DIVIDE(usage.pipelines_run_today, usage.daily_limit) * 100, 2) AS utilization_pct,
  usage.quota_exceeded
FROM customers.customer_usage_quotas AS usage
INNER JOIN customers.customer_profiles AS profile
  ON profile.customer_id = usage.customer_id
WHERE usage.usage_date = @today
  AND profile.status IN UNNEST(@statuses)
ORDER BY utilization_pct DESC, profile.company_name
LIMIT 1000

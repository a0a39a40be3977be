-- What was the customer's quota and use on one UTC day? No row where the customer did nothing on that day.
SELECT
  usage.pipelines_run_today,
  usage.daily_limit,
  usage.quota_exceeded,
  usage.concurrent_pipelines_running,
  usage.concurrent_limit
FROM customers.customer_usage_quotas AS usage
WHERE usage.customer_id = @customer_id
  AND usage.usage_date = @usage_date

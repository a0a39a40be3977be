-- How much did the customer use on each UTC day from a first to a last one, and which limits held then?
SELECT
  usage.usage_date,
  usage.pipelines_run_today,
  usage.pipelines_succeeded_today,
  usage.pipelines_failed_today,
  usage.pipelines_cancelled_today,
  usage.pipelines_refused_today,
  usage.pipelines_run_month,
  usage.concurrent_pipelines_running,
  usage.max_concurrent_reached,
  usage.daily_limit,
  usage.monthly_limit,
  usage.concurrent_limit,
  usage.quota_exceeded,
  usage.quota_warning_sent,
  usage.quota_exceeded_at,
  usage.total_api_calls_today,
  usage.total_storage_used_gb,
  usage.last_updated,
  usage.last_pipeline_started_at,
  usage.last_pipeline_completed_at
FROM customers.customer_usage_quotas AS usage
WHERE usage.customer_id = @customer_id
  AND usage.usage_date BETWEEN @from_day AND @to_day
ORDER BY usage.usage_date

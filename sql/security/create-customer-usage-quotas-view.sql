-- Which rows of customers.customer_usage_quotas may the person who asks see? Those of customers they are an active member of.
-- Generated from schemas/ by `npm run generate`; change the JSON files, not this one.
CREATE OR REPLACE VIEW customers_rls.customer_usage_quotas_view AS
SELECT
  source.usage_id,
  source.customer_id,
  source.usage_date,
  source.pipelines_run_today,
  source.pipelines_failed_today,
  source.pipelines_succeeded_today,
  source.pipelines_cancelled_today,
  source.pipelines_run_month,
  source.concurrent_pipelines_running,
  source.max_concurrent_reached,
  source.daily_limit,
  source.monthly_limit,
  source.concurrent_limit,
  source.quota_exceeded,
  source.quota_warning_sent,
  source.quota_exceeded_at,
  source.total_api_calls_today,
  source.total_storage_used_gb,
  source.last_updated,
  source.last_pipeline_started_at,
  source.last_pipeline_completed_at,
  source.pipelines_refused_today
FROM customers.customer_usage_quotas AS source
WHERE source.customer_id IN (
  SELECT member.customer_id
  FROM customers.customer_team_members AS member
  WHERE member.email = LOWER(SESSION_USER()) AND member.status = 'ACTIVE'
);

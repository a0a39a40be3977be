-- Why no run may start now, or NULL.
CREATE OR REPLACE FUNCTION run_refusal(c quota_counters) RETURNS text LANGUAGE sql IMMUTABLE
RETURN CASE
  WHEN (c).refusal_reason IS NOT NULL THEN (c).refusal_reason
  WHEN (c).runs_today >= (c).daily_limit THEN 'quota_exceeded'
  WHEN (c).runs_month >= (c).monthly_limit THEN 'monthly_quota_exceeded'
  WHEN (c).running >= (c).concurrent_limit THEN 'concurrency_exceeded'
END;

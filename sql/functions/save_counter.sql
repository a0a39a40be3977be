-- Writes the counter and its day row, and tells the mirror. p_peak: most runs at one moment while the lock was held.
-- The outbox row is always added: one that waits may be in the relay's hands already, which read the row before our commit.
CREATE OR REPLACE FUNCTION save_counter(c quota_counters, p_now timestamptz, p_peak int, p_started boolean, p_ended boolean)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE v_id text := usage_id(c.customer_id, c.day);
BEGIN
  PERFORM write_counter(c, p_now);
  INSERT INTO usage_days AS d (
    usage_id, customer_id, usage_date, pipelines_run_today, pipelines_run_month, concurrent_pipelines_running,
    max_concurrent_reached, daily_limit, monthly_limit, concurrent_limit, quota_exceeded, quota_warning_sent,
    quota_exceeded_at, total_api_calls_today, last_updated, last_pipeline_started_at, last_pipeline_completed_at,
    calls_mirrored_at
  ) VALUES (
    v_id, c.customer_id, c.day, c.runs_today, c.runs_month, c.running, p_peak, c.daily_limit, c.monthly_limit,
    c.concurrent_limit, c.exceeded, c.warning_sent, c.exceeded_at, c.api_calls_today, p_now,
    CASE WHEN p_started THEN p_now END, CASE WHEN p_ended THEN p_now END, p_now
  ) ON CONFLICT (usage_id) DO UPDATE SET
    pipelines_run_today = excluded.pipelines_run_today, pipelines_run_month = excluded.pipelines_run_month,
    concurrent_pipelines_running = excluded.concurrent_pipelines_running,
    max_concurrent_reached = greatest(d.max_concurrent_reached, excluded.max_concurrent_reached),
    daily_limit = excluded.daily_limit, monthly_limit = excluded.monthly_limit,
    concurrent_limit = excluded.concurrent_limit, quota_exceeded = excluded.quota_exceeded,
    quota_warning_sent = excluded.quota_warning_sent, quota_exceeded_at = excluded.quota_exceeded_at,
    total_api_calls_today = excluded.total_api_calls_today, last_updated = excluded.last_updated,
    last_pipeline_started_at = coalesce(excluded.last_pipeline_started_at, d.last_pipeline_started_at),
    last_pipeline_completed_at = coalesce(excluded.last_pipeline_completed_at, d.last_pipeline_completed_at),
    calls_unmirrored = 0, refused_unmirrored = 0, calls_mirrored_at = p_now;
  INSERT INTO outbox (mirror, key, partition_value, customer_id)
  VALUES ('customers.customer_usage_quotas', v_id, c.day::text, c.customer_id);
END $$;

-- Counts an ended run on the day it took its quota from. The caller holds the counter's lock.
CREATE OR REPLACE FUNCTION count_ended(p_customer_id text, p_day date, p_status text, p_runs int, p_now timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  UPDATE usage_days SET
    pipelines_succeeded_today = pipelines_succeeded_today + CASE p_status WHEN 'COMPLETED' THEN p_runs ELSE 0 END,
    pipelines_failed_today = pipelines_failed_today + CASE p_status WHEN 'FAILED' THEN p_runs ELSE 0 END,
    pipelines_cancelled_today = pipelines_cancelled_today + CASE p_status WHEN 'CANCELLED' THEN p_runs ELSE 0 END,
    last_pipeline_completed_at = p_now, last_updated = p_now
  WHERE usage_id = usage_id(p_customer_id, p_day);
  INSERT INTO outbox (mirror, key, partition_value, customer_id)
  VALUES ('customers.customer_usage_quotas', usage_id(p_customer_id, p_day), p_day::text, p_customer_id);
END $$;

-- Ends up to p_limit of a customer's runs whose lease is over, oldest first; answers how many slots that frees. A run whose
-- cancellation was asked for ends as CANCELLED, any other as FAILED. The
-- caller holds the counter's lock. A run extended meanwhile is no longer overdue once its row lock is ours.
CREATE OR REPLACE FUNCTION reap_leases(p_customer_id text, p_now timestamptz, p_limit int DEFAULT 500) RETURNS int
LANGUAGE plpgsql AS $$
DECLARE v_reaped int;
BEGIN
  WITH overdue AS (
    SELECT s.pipeline_logging_id FROM runs s
    WHERE s.customer_id = p_customer_id AND s.status = 'RUNNING' AND s.origin <> 'observed' AND s.lease_expires_at < p_now
    ORDER BY s.lease_expires_at LIMIT p_limit FOR UPDATE
  ), ended AS (
    UPDATE runs s SET status = k.status, end_time = s.lease_expires_at, lease_expired = true,
      duration_ms = extract(epoch FROM s.lease_expires_at - s.start_time) * 1000,
      error_message = 'lease expired at ' || instant_text(s.lease_expires_at) || ': the worker sent no heartbeat',
      error_pattern = k.pattern, error_fingerprint = k.fingerprint
    FROM overdue o CROSS JOIN (VALUES
      (true, 'CANCELLED', NULL, NULL),
      (false, 'FAILED', 'lease expired at <time>: the worker sent no heartbeat', '3cad80fd2e70b66d')
    ) AS k (asked, status, pattern, fingerprint)
    WHERE s.pipeline_logging_id = o.pipeline_logging_id AND k.asked = (s.cancel_requested_at IS NOT NULL)
    RETURNING s.pipeline_logging_id, s.start_time, s.created_at, s.run_day, s.status
  ), runs_told AS (
    INSERT INTO outbox (mirror, key, partition_value, customer_id)
    SELECT t.mirror, e.pipeline_logging_id::text, instant_text(t.at), p_customer_id FROM ended e
    CROSS JOIN LATERAL (VALUES ('tenant.pipeline_runs', e.start_time), ('tenant.run_details', e.created_at)) AS t (mirror, at)
  ), days AS (
    UPDATE usage_days d SET pipelines_failed_today = d.pipelines_failed_today + f.failed,
      pipelines_cancelled_today = d.pipelines_cancelled_today + f.cancelled,
      last_pipeline_completed_at = p_now, last_updated = p_now
    FROM (
      SELECT e.run_day, count(*) FILTER (WHERE e.status = 'FAILED') AS failed,
        count(*) FILTER (WHERE e.status = 'CANCELLED') AS cancelled
      FROM ended e GROUP BY e.run_day
    ) f
    WHERE d.usage_id = usage_id(p_customer_id, f.run_day)
    RETURNING d.usage_id, d.usage_date
  ), days_told AS (
    INSERT INTO outbox (mirror, key, partition_value, customer_id)
    SELECT 'customers.customer_usage_quotas', d.usage_id, d.usage_date::text, p_customer_id FROM days d
  )
  SELECT count(*) INTO v_reaped FROM ended;
  RETURN v_reaped;
END $$;

-- Keeps what a run of a provider config says of it: when one last started, succeeded and failed, and how many failed in a
-- row. A cancelled run says neither. Locks are taken counter, run, config: who holds a config's row waits for no other.
CREATE OR REPLACE FUNCTION tell_config(r runs) RETURNS void LANGUAGE plpgsql AS $$
DECLARE v_created_at timestamptz;
BEGIN
  UPDATE provider_configs p SET
    last_run_at = CASE r.status WHEN 'RUNNING' THEN greatest(p.last_run_at, r.start_time) ELSE p.last_run_at END,
    last_success_at = CASE r.status WHEN 'COMPLETED' THEN greatest(p.last_success_at, r.end_time) ELSE p.last_success_at END,
    last_failure_at = CASE r.status WHEN 'FAILED' THEN greatest(p.last_failure_at, r.end_time) ELSE p.last_failure_at END,
    consecutive_failures = CASE r.status
      WHEN 'COMPLETED' THEN 0 WHEN 'FAILED' THEN p.consecutive_failures + 1 ELSE p.consecutive_failures END
  WHERE p.config_id = r.config_id AND p.customer_id = r.customer_id
  RETURNING p.created_at INTO v_created_at;
  IF FOUND THEN
    INSERT INTO outbox (mirror, key, partition_value, customer_id)
    VALUES ('customers.customer_provider_configs', r.config_id, instant_text(v_created_at), r.customer_id);
  END IF;
END $$;

-- Starts the oldest waiting run of a customer, of these pipelines (NULL: any), for the worker that asks, and takes its
-- quota. p_lease_seconds NULL keeps the run's own. Refused, the run goes on waiting and says why.
CREATE OR REPLACE FUNCTION claim_run(
  p_customer_id text, p_pipeline_ids text[], p_worker text, p_lease_seconds int, p_now timestamptz DEFAULT NULL
) RETURNS TABLE (outcome text, run runs, quota jsonb)
LANGUAGE plpgsql SET lock_timeout = '2s' AS $$
DECLARE c quota_counters; v_run runs; v_now timestamptz; v_peak int; v_reaped int := 0; v_granted boolean := false;
BEGIN
  outcome := 'none';
  -- Whoever asks while nothing waits costs the counter nothing.
  IF NOT EXISTS (
    SELECT FROM runs s WHERE s.customer_id = p_customer_id AND s.status = 'PENDING'
      AND (p_pipeline_ids IS NULL OR s.pipeline_id = ANY (p_pipeline_ids))
  ) THEN
    RETURN NEXT;
    RETURN;
  END IF;
  -- The counter before the run, as whoever starts or ends runs takes them.
  SELECT q.* INTO c FROM quota_counters q WHERE q.customer_id = p_customer_id FOR UPDATE;
  v_now := quota_now(p_now);
  c := rolled_counter(c, v_now);
  v_peak := c.running;
  SELECT s.* INTO v_run FROM runs s
  WHERE s.customer_id = p_customer_id AND s.status = 'PENDING' AND s.pending_expires_at > v_now
    AND (p_pipeline_ids IS NULL OR s.pipeline_id = ANY (p_pipeline_ids))
    -- One that its schedule made while the config was being switched off.
    AND (s.scheduled_for IS NULL OR EXISTS (SELECT FROM provider_configs p WHERE p.config_id = s.config_id AND p.is_active))
  ORDER BY s.created_at, s.pipeline_logging_id LIMIT 1 FOR UPDATE SKIP LOCKED;
  IF c.customer_id IS NULL OR NOT FOUND THEN
    RETURN NEXT;
    RETURN;
  END IF;
  outcome := run_refusal(c);
  IF outcome = 'concurrency_exceeded' THEN
    v_reaped := reap_leases(c.customer_id, v_now);
    c.running := greatest(0, c.running - v_reaped);
    outcome := run_refusal(c);
  END IF;
  IF outcome IS NULL THEN
    c.runs_today := c.runs_today + 1;
    c.runs_month := c.runs_month + 1;
    c.running := c.running + 1;
    c := mark_quota(c, v_now);
    v_granted := true;
    outcome := 'granted';
    UPDATE runs s SET status = 'RUNNING', run_day = c.day, quota_charge = 1, start_time = greatest(v_now, s.created_at),
      worker_instance = coalesce(p_worker, s.worker_instance), lease_seconds = coalesce(p_lease_seconds, s.lease_seconds),
      lease_expires_at = v_now + make_interval(secs => coalesce(p_lease_seconds, s.lease_seconds)), pending_reason = NULL
    WHERE s.pipeline_logging_id = v_run.pipeline_logging_id RETURNING s.* INTO v_run;
    PERFORM tell_run(v_run);
  ELSIF v_run.pending_reason IS DISTINCT FROM outcome THEN
    UPDATE runs s SET pending_reason = outcome
    WHERE s.pipeline_logging_id = v_run.pipeline_logging_id RETURNING s.* INTO v_run;
    PERFORM tell_run(v_run);
  END IF;
  IF v_granted OR v_reaped > 0 THEN
    PERFORM save_counter(c, v_now, greatest(v_peak, c.running), v_granted, v_reaped > 0);
  END IF;
  run := v_run;
  quota := quota_snapshot(c);
  RETURN NEXT;
END $$;

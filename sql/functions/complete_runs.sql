-- Ends a batch of runs: [{request, customer_id, run_id, status, error_message, error_pattern,
-- error_fingerprint}]. Only the statement that still finds the
-- run RUNNING frees the slot and counts it; the others hear what became of it.
CREATE OR REPLACE FUNCTION complete_runs(p_requests jsonb, p_now timestamptz DEFAULT NULL)
RETURNS TABLE (request int, outcome text, run runs, quota jsonb)
-- One customer whose counter is held must not stall the others of a batch: it is retried alone.
LANGUAGE plpgsql SET lock_timeout = '2s' AS $$
DECLARE
  r record;
  c quota_counters;
  v_run runs;
  v_now timestamptz;
  v_peak int;
  v_ended boolean := false;
BEGIN
  FOR r IN
    SELECT x.* FROM jsonb_to_recordset(p_requests) AS x (
      request int, customer_id text, run_id uuid, status text, error_message text, error_pattern text,
      error_fingerprint text
    ) ORDER BY x.customer_id COLLATE "C", x.request
  LOOP
    IF c.customer_id IS DISTINCT FROM r.customer_id THEN
      IF v_ended THEN PERFORM save_counter(c, v_now, v_peak, false, true); END IF;
      SELECT q.* INTO c FROM quota_counters q WHERE q.customer_id = r.customer_id FOR UPDATE;
      v_now := quota_now(p_now);
      c := rolled_counter(c, v_now);
      v_peak := c.running;
      v_ended := false;
    END IF;
    UPDATE runs s SET status = r.status, end_time = greatest(v_now, s.start_time), error_message = r.error_message,
      duration_ms = extract(epoch FROM greatest(v_now, s.start_time) - s.start_time) * 1000,
      error_pattern = r.error_pattern, error_fingerprint = r.error_fingerprint
    WHERE s.pipeline_logging_id = r.run_id AND s.customer_id = r.customer_id AND s.status = 'RUNNING'
      AND s.origin <> 'observed'
    RETURNING s.* INTO v_run;
    IF FOUND THEN
      v_ended := true;
      c.running := greatest(0, c.running - 1);
      PERFORM count_ended(v_run.customer_id, v_run.run_day, v_run.status, 1, v_now);
      PERFORM tell_run(v_run);
      outcome := 'completed';
    ELSE
      SELECT s.* INTO v_run FROM runs s WHERE s.pipeline_logging_id = r.run_id AND s.customer_id = r.customer_id;
      outcome := CASE
        WHEN NOT FOUND THEN 'not_found'
        WHEN v_run.origin = 'observed' THEN 'observed'
        WHEN v_run.status = 'PENDING' THEN 'not_started'
        WHEN v_run.lease_expired THEN 'lease_expired'
        WHEN v_run.status = r.status THEN 'repeated'
        ELSE 'run_finished'
      END;
    END IF;
    request := r.request;
    run := v_run;
    quota := quota_snapshot(c);
    RETURN NEXT;
  END LOOP;
  IF v_ended THEN PERFORM save_counter(c, v_now, v_peak, false, true); END IF;
END $$;

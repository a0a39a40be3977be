-- Decides a batch of run starts, for many customers, in one statement and one commit.
-- p_requests: [{request, customer_id, pipeline_id, trigger_type, trigger_by, started_by, api_key_id, config_version,
-- worker_instance, parameters, lease_seconds, config_id, idempotency_key, body_hash}]. Limits are read under the row lock: they are those committed.
CREATE OR REPLACE FUNCTION reserve_runs(p_requests jsonb, p_now timestamptz DEFAULT NULL)
RETURNS TABLE (request int, outcome text, run_id uuid, started_at timestamptz, lease_until timestamptz, quota jsonb)
-- One customer whose counter is held must not stall the others of a batch: it is retried alone.
LANGUAGE plpgsql SET lock_timeout = '2s' AS $$
DECLARE
  r record;
  c quota_counters;
  v_kept record;
  v_run runs;
  v_now timestamptz;
  v_peak int;
  v_granted boolean := false;
  v_reaped int := -1;
BEGIN
  FOR r IN
    SELECT x.* FROM jsonb_to_recordset(p_requests) AS x (
      request int, customer_id text, pipeline_id text, trigger_type text, trigger_by text, started_by text,
      api_key_id text, config_version text, worker_instance text, parameters jsonb, lease_seconds int, config_id text,
      idempotency_key text, body_hash text
    ) ORDER BY x.customer_id COLLATE "C", x.request
  LOOP
    IF c.customer_id IS DISTINCT FROM r.customer_id THEN
      IF v_granted OR v_reaped > 0 THEN PERFORM save_counter(c, v_now, v_peak, v_granted, v_reaped > 0); END IF;
      SELECT q.* INTO c FROM quota_counters q WHERE q.customer_id = r.customer_id FOR UPDATE;
      v_now := quota_now(p_now);
      c := rolled_counter(c, v_now);
      v_peak := c.running;
      v_granted := false;
      v_reaped := -1;
    END IF;
    request := r.request;
    run_id := NULL; started_at := NULL; lease_until := NULL;
    quota := quota_snapshot(c);
    IF c.customer_id IS NULL THEN
      outcome := 'unknown_customer';
      RETURN NEXT;
      CONTINUE;
    END IF;
    IF r.idempotency_key IS NOT NULL THEN
      SELECT k.body_hash, k.pipeline_logging_id, k.quota, s.start_time, s.lease_seconds INTO v_kept
      FROM idempotency_keys k JOIN runs s ON s.pipeline_logging_id = k.pipeline_logging_id
      WHERE k.customer_id = r.customer_id AND k.idempotency_key = r.idempotency_key
        AND k.created_at > v_now - interval '24 hours';
      IF FOUND THEN
        outcome := 'idempotency_mismatch';
        IF v_kept.body_hash = r.body_hash THEN
          outcome := 'replayed';
          run_id := v_kept.pipeline_logging_id;
          started_at := v_kept.start_time;
          lease_until := v_kept.start_time + make_interval(secs => v_kept.lease_seconds);
          quota := v_kept.quota;
        END IF;
        RETURN NEXT;
        CONTINUE;
      END IF;
    END IF;
    -- Two conditions: with the query in it, the first one would cost each start a tenth.
    IF r.config_id IS NOT NULL THEN
      IF NOT EXISTS (
        SELECT FROM provider_configs p WHERE p.config_id = r.config_id AND p.customer_id = r.customer_id AND p.is_active
      ) THEN
        outcome := 'unknown_config';
        RETURN NEXT;
        CONTINUE;
      END IF;
    END IF;
    outcome := run_refusal(c);
    IF outcome = 'concurrency_exceeded' AND v_reaped < 0 THEN
      v_reaped := reap_leases(c.customer_id, v_now);
      c.running := greatest(0, c.running - v_reaped);
      outcome := run_refusal(c);
    END IF;
    IF outcome IS NOT NULL THEN
      quota := quota_snapshot(c);
      RETURN NEXT;
      CONTINUE;
    END IF;
    c.runs_today := c.runs_today + 1;
    c.runs_month := c.runs_month + 1;
    c.running := c.running + 1;
    c := mark_quota(c, v_now);
    v_peak := greatest(v_peak, c.running);
    v_granted := true;
    outcome := 'granted';
    run_id := gen_random_uuid();
    started_at := v_now;
    lease_until := v_now + make_interval(secs => r.lease_seconds);
    quota := quota_snapshot(c);
    INSERT INTO runs (
      pipeline_logging_id, customer_id, pipeline_id, status, trigger_type, trigger_by, started_by, api_key_id, run_day,
      quota_charge, created_at, start_time, config_version, worker_instance, parameters, lease_seconds, lease_expires_at,
      config_id
    ) VALUES (
      run_id, c.customer_id, r.pipeline_id, 'RUNNING', r.trigger_type, r.trigger_by, r.started_by, r.api_key_id, c.day,
      1, v_now, v_now, r.config_version, r.worker_instance, r.parameters, r.lease_seconds, lease_until,
      r.config_id
    ) RETURNING * INTO v_run;
    PERFORM tell_run(v_run);
    IF r.config_id IS NOT NULL THEN PERFORM tell_config(v_run); END IF;
    IF r.idempotency_key IS NOT NULL THEN
      INSERT INTO idempotency_keys AS k (customer_id, idempotency_key, body_hash, pipeline_logging_id, quota, created_at)
      VALUES (c.customer_id, r.idempotency_key, r.body_hash, run_id, quota, v_now)
      ON CONFLICT ON CONSTRAINT idempotency_keys_customer_id_idempotency_key_pk DO UPDATE SET
        body_hash = excluded.body_hash, pipeline_logging_id = excluded.pipeline_logging_id,
        quota = excluded.quota, created_at = excluded.created_at;
    END IF;
    RETURN NEXT;
  END LOOP;
  IF v_granted OR v_reaped > 0 THEN PERFORM save_counter(c, v_now, v_peak, v_granted, v_reaped > 0); END IF;
END $$;

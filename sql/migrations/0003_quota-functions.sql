-- Quota decisions. Lock order everywhere: quota_counters (customers in id order), then runs and usage_days of that customer.
-- Rewritten in place by every run, so pages keep room for the new versions (HOT updates).
ALTER TABLE quota_counters SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02);
--> statement-breakpoint
ALTER TABLE usage_days SET (fillfactor = 70);
--> statement-breakpoint
ALTER TABLE runs SET (fillfactor = 85);
--> statement-breakpoint
-- The instant of a decision, in milliseconds. Only tests may name one: product code never sets tenantry.test_clock.
CREATE FUNCTION quota_now(p_now timestamptz) RETURNS timestamptz LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  IF p_now IS NULL THEN RETURN date_trunc('milliseconds', clock_timestamp()); END IF;
  IF current_setting('tenantry.test_clock', true) IS DISTINCT FROM 'on' THEN
    RAISE EXCEPTION 'only tests may name the instant' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN date_trunc('milliseconds', p_now);
END $$;
--> statement-breakpoint
-- A partition value as the mirror writes it: 2026-11-21T03:14:54.123Z.
CREATE FUNCTION instant_text(p_at timestamptz) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
RETURN to_char(p_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
--> statement-breakpoint
CREATE FUNCTION usage_id(p_customer_id text, p_day date) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN p_customer_id || '_' || to_char(p_day::timestamp, 'YYYYMMDD');
--> statement-breakpoint
-- The counter at that instant: a new UTC day or month starts at zero; neither ever goes back.
CREATE FUNCTION rolled_counter(c quota_counters, p_now timestamptz) RETURNS quota_counters LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE v_today date := (p_now AT TIME ZONE 'UTC')::date;
BEGIN
  IF v_today > c.day THEN
    c.day := v_today;
    c.runs_today := 0;
    c.api_calls_today := 0;
    c.warning_sent := false;
    c.exceeded := false;
    c.exceeded_at := NULL;
  END IF;
  IF date_trunc('month', c.day::timestamp)::date > c.month THEN
    c.month := date_trunc('month', c.day::timestamp)::date;
    c.runs_month := 0;
    c.api_calls_month := 0;
  END IF;
  RETURN c;
END $$;
--> statement-breakpoint
-- Why no run may start now, or NULL.
CREATE FUNCTION run_refusal(c quota_counters) RETURNS text LANGUAGE sql IMMUTABLE
RETURN CASE
  WHEN (c).refusal_reason IS NOT NULL THEN (c).refusal_reason
  WHEN (c).runs_today >= (c).daily_limit THEN 'quota_exceeded'
  WHEN (c).runs_month >= (c).monthly_limit THEN 'monthly_quota_exceeded'
  WHEN (c).running >= (c).concurrent_limit THEN 'concurrency_exceeded'
END;
--> statement-breakpoint
-- What a caller is told of the counts.
CREATE FUNCTION quota_snapshot(c quota_counters) RETURNS jsonb LANGUAGE sql STABLE
RETURN jsonb_build_object(
  'day', (c).day, 'runsToday', (c).runs_today, 'dailyLimit', (c).daily_limit, 'runsMonth', (c).runs_month,
  'monthlyLimit', (c).monthly_limit, 'running', (c).running, 'concurrentLimit', (c).concurrent_limit,
  'warning', (c).warning_sent, 'exceeded', (c).exceeded
);
--> statement-breakpoint
-- Sets the flags of 80 % and 100 % and queues each notification once a day; a raised limit lifts `exceeded` again.
CREATE FUNCTION mark_quota(c quota_counters, p_now timestamptz) RETURNS quota_counters LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  IF NOT c.warning_sent AND c.daily_limit > 0 AND c.runs_today::bigint * 5 >= c.daily_limit::bigint * 4 THEN
    c.warning_sent := true;
    INSERT INTO quota_events (customer_id, day, kind, runs, daily_limit, created_at)
    VALUES (c.customer_id, c.day, 'warning_80', c.runs_today, c.daily_limit, p_now) ON CONFLICT DO NOTHING;
  END IF;
  IF c.runs_today < c.daily_limit THEN
    c.exceeded := false;
    c.exceeded_at := NULL;
  ELSIF NOT c.exceeded THEN
    c.exceeded := true;
    c.exceeded_at := p_now;
    IF c.daily_limit > 0 THEN
      INSERT INTO quota_events (customer_id, day, kind, runs, daily_limit, created_at)
      VALUES (c.customer_id, c.day, 'exceeded_100', c.runs_today, c.daily_limit, p_now) ON CONFLICT DO NOTHING;
    END IF;
  END IF;
  RETURN c;
END $$;
--> statement-breakpoint
-- Writes the counter and its day row, and tells the mirror. p_peak: most runs at one moment while the lock was held.
-- The outbox row is always added: one that waits may be in the relay's hands already, which read the row before our commit.
CREATE FUNCTION save_counter(c quota_counters, p_now timestamptz, p_peak int, p_started boolean, p_ended boolean)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE v_id text := usage_id(c.customer_id, c.day);
BEGIN
  UPDATE quota_counters q SET
    day = c.day, month = c.month, runs_today = c.runs_today, runs_month = c.runs_month, running = c.running,
    api_calls_today = c.api_calls_today, api_calls_month = c.api_calls_month, daily_limit = c.daily_limit,
    monthly_limit = c.monthly_limit, concurrent_limit = c.concurrent_limit,
    api_calls_month_limit = c.api_calls_month_limit, warning_sent = c.warning_sent, exceeded = c.exceeded,
    exceeded_at = c.exceeded_at, refusal_reason = c.refusal_reason, updated_at = p_now
  WHERE q.customer_id = c.customer_id;
  INSERT INTO usage_days AS d (
    usage_id, customer_id, usage_date, pipelines_run_today, pipelines_run_month, concurrent_pipelines_running,
    max_concurrent_reached, daily_limit, monthly_limit, concurrent_limit, quota_exceeded, quota_warning_sent,
    quota_exceeded_at, total_api_calls_today, last_updated, last_pipeline_started_at, last_pipeline_completed_at
  ) VALUES (
    v_id, c.customer_id, c.day, c.runs_today, c.runs_month, c.running, p_peak, c.daily_limit, c.monthly_limit,
    c.concurrent_limit, c.exceeded, c.warning_sent, c.exceeded_at, c.api_calls_today, p_now,
    CASE WHEN p_started THEN p_now END, CASE WHEN p_ended THEN p_now END
  ) ON CONFLICT (usage_id) DO UPDATE SET
    pipelines_run_today = excluded.pipelines_run_today, pipelines_run_month = excluded.pipelines_run_month,
    concurrent_pipelines_running = excluded.concurrent_pipelines_running,
    max_concurrent_reached = greatest(d.max_concurrent_reached, excluded.max_concurrent_reached),
    daily_limit = excluded.daily_limit, monthly_limit = excluded.monthly_limit,
    concurrent_limit = excluded.concurrent_limit, quota_exceeded = excluded.quota_exceeded,
    quota_warning_sent = excluded.quota_warning_sent, quota_exceeded_at = excluded.quota_exceeded_at,
    total_api_calls_today = excluded.total_api_calls_today, last_updated = excluded.last_updated,
    last_pipeline_started_at = coalesce(excluded.last_pipeline_started_at, d.last_pipeline_started_at),
    last_pipeline_completed_at = coalesce(excluded.last_pipeline_completed_at, d.last_pipeline_completed_at);
  INSERT INTO outbox (mirror, key, partition_value, customer_id)
  VALUES ('customers.customer_usage_quotas', v_id, c.day::text, c.customer_id);
END $$;
--> statement-breakpoint
-- Counts an ended run on the day it took its quota from. The caller holds the counter's lock.
CREATE FUNCTION count_ended(p_customer_id text, p_day date, p_status text, p_runs int, p_now timestamptz)
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
--> statement-breakpoint
-- Ends a customer's runs whose lease is over; answers how many slots that frees. The caller holds the counter's lock.
CREATE FUNCTION reap_leases(p_customer_id text, p_now timestamptz) RETURNS int LANGUAGE plpgsql AS $$
DECLARE v_run record; v_reaped int := 0;
BEGIN
  FOR v_run IN
    UPDATE runs SET status = 'FAILED', end_time = lease_expires_at, lease_expired = true,
      duration_ms = extract(epoch FROM lease_expires_at - start_time) * 1000,
      error_message = 'lease expired at ' || instant_text(lease_expires_at) || ': the worker sent no heartbeat'
    WHERE status = 'RUNNING' AND lease_expires_at < p_now AND customer_id = p_customer_id
    RETURNING pipeline_logging_id, start_time, run_day
  LOOP
    v_reaped := v_reaped + 1;
    PERFORM count_ended(p_customer_id, v_run.run_day, 'FAILED', 1, p_now);
    INSERT INTO outbox (mirror, key, partition_value, customer_id)
    VALUES ('tenant.pipeline_runs', v_run.pipeline_logging_id::text, instant_text(v_run.start_time), p_customer_id);
  END LOOP;
  RETURN v_reaped;
END $$;
--> statement-breakpoint
-- Decides a batch of run starts, for many customers, in one statement and one commit.
-- p_requests: [{request, customer_id, pipeline_id, trigger_type, trigger_by, started_by, config_version, worker_instance,
-- parameters, lease_seconds, idempotency_key, body_hash}]. Limits are read under the row lock: they are those committed.
CREATE FUNCTION reserve_runs(p_requests jsonb, p_now timestamptz DEFAULT NULL)
RETURNS TABLE (request int, outcome text, run_id uuid, started_at timestamptz, lease_until timestamptz, quota jsonb)
LANGUAGE plpgsql AS $$
DECLARE
  r record;
  c quota_counters;
  v_kept record;
  v_now timestamptz;
  v_peak int;
  v_granted boolean := false;
  v_reaped int := -1;
BEGIN
  FOR r IN
    SELECT x.* FROM jsonb_to_recordset(p_requests) AS x (
      request int, customer_id text, pipeline_id text, trigger_type text, trigger_by text, started_by text,
      config_version text, worker_instance text, parameters jsonb, lease_seconds int, idempotency_key text, body_hash text
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
      pipeline_logging_id, customer_id, pipeline_id, status, trigger_type, trigger_by, started_by, run_day, start_time,
      config_version, worker_instance, parameters, lease_seconds, lease_expires_at
    ) VALUES (
      run_id, c.customer_id, r.pipeline_id, 'RUNNING', r.trigger_type, r.trigger_by, r.started_by, c.day, v_now,
      r.config_version, r.worker_instance, r.parameters, r.lease_seconds, lease_until
    );
    INSERT INTO outbox (mirror, key, partition_value, customer_id)
    VALUES ('tenant.pipeline_runs', run_id::text, instant_text(v_now), c.customer_id);
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
--> statement-breakpoint
-- Ends a batch of runs: [{request, customer_id, run_id, status, error_message}]. Only the statement that still finds the
-- run RUNNING frees the slot and counts it; the others hear what became of it.
CREATE FUNCTION complete_runs(p_requests jsonb, p_now timestamptz DEFAULT NULL)
RETURNS TABLE (request int, outcome text, run runs, quota jsonb) LANGUAGE plpgsql AS $$
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
      request int, customer_id text, run_id uuid, status text, error_message text
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
      duration_ms = extract(epoch FROM greatest(v_now, s.start_time) - s.start_time) * 1000
    WHERE s.pipeline_logging_id = r.run_id AND s.customer_id = r.customer_id AND s.status = 'RUNNING'
    RETURNING s.* INTO v_run;
    IF FOUND THEN
      v_ended := true;
      c.running := greatest(0, c.running - 1);
      PERFORM count_ended(v_run.customer_id, v_run.run_day, v_run.status, 1, v_now);
      INSERT INTO outbox (mirror, key, partition_value, customer_id)
      VALUES ('tenant.pipeline_runs', v_run.pipeline_logging_id::text, instant_text(v_run.start_time), v_run.customer_id);
      outcome := 'completed';
    ELSE
      SELECT s.* INTO v_run FROM runs s WHERE s.pipeline_logging_id = r.run_id AND s.customer_id = r.customer_id;
      outcome := CASE
        WHEN NOT FOUND THEN 'not_found'
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
--> statement-breakpoint
-- Ends runs whose lease is over, of the customers that own the p_limit oldest such leases; answers how many.
CREATE FUNCTION reap_overdue(p_limit int, p_now timestamptz DEFAULT NULL) RETURNS int LANGUAGE plpgsql AS $$
DECLARE v_customer_id text; c quota_counters; v_now timestamptz; v_peak int; v_reaped int; v_total int := 0;
BEGIN
  v_now := quota_now(p_now);
  FOR v_customer_id IN
    SELECT overdue.customer_id FROM (
      SELECT s.customer_id FROM runs s WHERE s.status = 'RUNNING' AND s.lease_expires_at < v_now
      ORDER BY s.lease_expires_at LIMIT p_limit
    ) overdue GROUP BY overdue.customer_id ORDER BY overdue.customer_id COLLATE "C"
  LOOP
    SELECT q.* INTO c FROM quota_counters q WHERE q.customer_id = v_customer_id FOR UPDATE;
    v_now := quota_now(p_now);
    v_reaped := reap_leases(v_customer_id, v_now);
    v_total := v_total + v_reaped;
    IF v_reaped > 0 AND c.customer_id IS NOT NULL THEN
      c := rolled_counter(c, v_now);
      v_peak := c.running;
      c.running := greatest(0, c.running - v_reaped);
      PERFORM save_counter(c, v_now, v_peak, false, true);
    END IF;
  END LOOP;
  RETURN v_total;
END $$;
--> statement-breakpoint
-- Adds what processes have counted: [{customer_id, day, api_calls, refused}]. A count of an earlier day goes to that
-- day's row. Answers each customer's month, for the check of the API call limit.
CREATE FUNCTION flush_usage(p_entries jsonb, p_now timestamptz DEFAULT NULL)
RETURNS TABLE (customer text, in_month date, calls bigint, call_limit bigint) LANGUAGE plpgsql AS $$
DECLARE r record; c quota_counters; v_now timestamptz; v_id text;
BEGIN
  FOR r IN
    SELECT x.* FROM jsonb_to_recordset(p_entries) AS x (customer_id text, day date, api_calls bigint, refused int)
    ORDER BY x.customer_id COLLATE "C", x.day
  LOOP
    SELECT q.* INTO c FROM quota_counters q WHERE q.customer_id = r.customer_id FOR UPDATE;
    CONTINUE WHEN NOT FOUND;
    v_now := quota_now(p_now);
    c := rolled_counter(c, v_now);
    IF r.api_calls > 0 OR r.refused > 0 THEN
      IF date_trunc('month', r.day::timestamp)::date >= c.month THEN c.api_calls_month := c.api_calls_month + r.api_calls; END IF;
      IF r.day >= c.day THEN c.api_calls_today := c.api_calls_today + r.api_calls; END IF;
      PERFORM save_counter(c, v_now, c.running, false, false);
      v_id := usage_id(c.customer_id, least(r.day, c.day));
      UPDATE usage_days d SET pipelines_refused_today = d.pipelines_refused_today + r.refused,
        total_api_calls_today = d.total_api_calls_today + CASE WHEN r.day < c.day THEN r.api_calls ELSE 0 END,
        last_updated = v_now
      WHERE d.usage_id = v_id;
      IF r.day < c.day THEN
        INSERT INTO outbox (mirror, key, partition_value, customer_id)
        VALUES ('customers.customer_usage_quotas', v_id, r.day::text, c.customer_id);
      END IF;
    END IF;
    customer := c.customer_id;
    in_month := c.month;
    calls := c.api_calls_month;
    call_limit := c.api_calls_month_limit;
    RETURN NEXT;
  END LOOP;
END $$;
--> statement-breakpoint
-- Puts new limits in force: p_limits has the keys that change. From the commit on no run is granted above them.
CREATE FUNCTION apply_limits(p_customer_id text, p_limits jsonb, p_now timestamptz DEFAULT NULL)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE c quota_counters; v_now timestamptz;
BEGIN
  SELECT q.* INTO c FROM quota_counters q WHERE q.customer_id = p_customer_id FOR UPDATE;
  IF NOT FOUND THEN RETURN false; END IF;
  v_now := quota_now(p_now);
  c := rolled_counter(c, v_now);
  IF p_limits ? 'dailyLimit' THEN c.daily_limit := (p_limits ->> 'dailyLimit')::int; END IF;
  IF p_limits ? 'monthlyLimit' THEN c.monthly_limit := (p_limits ->> 'monthlyLimit')::int; END IF;
  IF p_limits ? 'concurrentLimit' THEN c.concurrent_limit := (p_limits ->> 'concurrentLimit')::int; END IF;
  IF p_limits ? 'apiCallsMonthLimit' THEN c.api_calls_month_limit := (p_limits ->> 'apiCallsMonthLimit')::bigint; END IF;
  IF p_limits ? 'refusalReason' THEN c.refusal_reason := p_limits ->> 'refusalReason'; END IF;
  PERFORM save_counter(mark_quota(c, v_now), v_now, c.running, false, false);
  RETURN true;
END $$;

ALTER TABLE "usage_days" ADD COLUMN "calls_unmirrored" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "usage_days" ADD COLUMN "refused_unmirrored" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "usage_days" ADD COLUMN "calls_mirrored_at" timestamp (3) with time zone;--> statement-breakpoint
-- Writes the counter.
CREATE FUNCTION write_counter(c quota_counters, p_now timestamptz) RETURNS void LANGUAGE sql
BEGIN ATOMIC
  UPDATE quota_counters q SET
    day = (c).day, month = (c).month, runs_today = (c).runs_today, runs_month = (c).runs_month, running = (c).running,
    api_calls_today = (c).api_calls_today, api_calls_month = (c).api_calls_month, daily_limit = (c).daily_limit,
    monthly_limit = (c).monthly_limit, concurrent_limit = (c).concurrent_limit,
    api_calls_month_limit = (c).api_calls_month_limit, warning_sent = (c).warning_sent, exceeded = (c).exceeded,
    exceeded_at = (c).exceeded_at, refusal_reason = (c).refusal_reason, updated_at = p_now
  WHERE q.customer_id = (c).customer_id;
END;
--> statement-breakpoint
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
--> statement-breakpoint
-- Tells the mirror of days whose calls or refusals it does not know: a day's first refusal at once, more of them a minute
-- after its last word, calls after 5 minutes; answers how many days. A counted call alone rewrites no row of BigQuery:
-- each would bill a MERGE and make cached pages stale.
CREATE FUNCTION tell_calls(p_usage_ids text[], p_now timestamptz) RETURNS int LANGUAGE sql
BEGIN ATOMIC
  WITH due AS (
    SELECT d.usage_id FROM usage_days d
    WHERE d.usage_id = ANY (p_usage_ids) AND (d.calls_unmirrored <> 0 OR d.refused_unmirrored <> 0)
      AND (d.calls_mirrored_at IS NULL OR d.calls_mirrored_at < p_now - interval '5 minutes' OR d.refused_unmirrored <> 0
        AND (d.refused_unmirrored = d.pipelines_refused_today OR d.calls_mirrored_at < p_now - interval '1 minute'))
    ORDER BY d.usage_id FOR UPDATE SKIP LOCKED
  ), told AS (
    UPDATE usage_days d SET calls_unmirrored = 0, refused_unmirrored = 0, calls_mirrored_at = p_now, last_updated = p_now
    FROM due WHERE d.usage_id = due.usage_id
    RETURNING d.usage_id, d.customer_id, d.usage_date
  ), noted AS (
    INSERT INTO outbox (mirror, key, partition_value, customer_id)
    SELECT 'customers.customer_usage_quotas', told.usage_id, told.usage_date::text, told.customer_id FROM told
    RETURNING 1
  )
  SELECT count(*)::int FROM noted;
END;
--> statement-breakpoint
-- Adds counted calls and refused starts: [{customer_id, day, api_calls, refused}]. A count of an earlier day makes that
-- day's row where it is missing, so that a first call before midnight is not lost.
CREATE OR REPLACE FUNCTION flush_usage(p_entries jsonb, p_now timestamptz DEFAULT NULL)
RETURNS TABLE (customer text, in_month date, calls bigint, call_limit bigint) LANGUAGE plpgsql AS $$
DECLARE r record; c quota_counters; v_now timestamptz; v_day date; v_today boolean;
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
      v_day := least(r.day, c.day);
      v_today := v_day = c.day;
      IF date_trunc('month', v_day::timestamp)::date = c.month THEN c.api_calls_month := c.api_calls_month + r.api_calls; END IF;
      IF v_today THEN c.api_calls_today := c.api_calls_today + r.api_calls; END IF;
      PERFORM write_counter(c, v_now);
      INSERT INTO usage_days AS d (
        usage_id, customer_id, usage_date, pipelines_run_month, concurrent_pipelines_running, max_concurrent_reached,
        pipelines_refused_today, total_api_calls_today, refused_unmirrored, calls_unmirrored, daily_limit, monthly_limit,
        concurrent_limit, last_updated
      ) VALUES (
        usage_id(c.customer_id, v_day), c.customer_id, v_day, CASE WHEN v_today THEN c.runs_month ELSE 0 END,
        CASE WHEN v_today THEN c.running ELSE 0 END, CASE WHEN v_today THEN c.running ELSE 0 END,
        r.refused, r.api_calls, r.refused, r.api_calls, c.daily_limit, c.monthly_limit, c.concurrent_limit, v_now
      ) ON CONFLICT (usage_id) DO UPDATE SET
        pipelines_refused_today = d.pipelines_refused_today + excluded.pipelines_refused_today,
        total_api_calls_today = d.total_api_calls_today + excluded.total_api_calls_today,
        refused_unmirrored = d.refused_unmirrored + excluded.refused_unmirrored,
        calls_unmirrored = d.calls_unmirrored + excluded.calls_unmirrored;
      PERFORM tell_calls(ARRAY[usage_id(c.customer_id, v_day)], v_now);
    END IF;
    customer := c.customer_id;
    in_month := c.month;
    calls := c.api_calls_month;
    call_limit := c.api_calls_month_limit;
    RETURN NEXT;
  END LOOP;
END $$;

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

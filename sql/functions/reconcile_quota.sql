-- Compares a counter with its leases and the days from p_from on with their runs, under the counter's lock; answers
-- each difference, and with p_repair puts it right and tells the mirror.
CREATE OR REPLACE FUNCTION reconcile_quota(p_customer_id text, p_from date, p_repair boolean)
RETURNS TABLE (what text, of_day date, stored bigint, actual bigint) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE c quota_counters; d record; v_now timestamptz; v_running int; v_today int; v_month int; v_wrong boolean := false;
BEGIN
  SELECT q.* INTO c FROM quota_counters q WHERE q.customer_id = p_customer_id FOR UPDATE;
  IF NOT FOUND THEN RETURN; END IF;
  v_now := quota_now(NULL);
  FOR d IN SELECT x.* FROM counted_days(p_customer_id, p_from) x WHERE x.stored <> x.actual ORDER BY x.of_day, x.what LOOP
    what := d.what; of_day := d.of_day; stored := d.stored; actual := d.actual;
    v_wrong := true;
    RETURN NEXT;
    IF p_repair THEN
      INSERT INTO usage_days AS u (usage_id, customer_id, usage_date, daily_limit, monthly_limit, concurrent_limit)
      VALUES (usage_id(p_customer_id, d.of_day), p_customer_id, d.of_day, c.daily_limit, c.monthly_limit, c.concurrent_limit)
      ON CONFLICT (usage_id) DO NOTHING;
      UPDATE usage_days u SET last_updated = v_now,
        pipelines_run_today = CASE d.what WHEN 'pipelines_run_today' THEN d.actual ELSE u.pipelines_run_today END,
        pipelines_succeeded_today = CASE d.what WHEN 'pipelines_succeeded_today' THEN d.actual ELSE u.pipelines_succeeded_today END,
        pipelines_failed_today = CASE d.what WHEN 'pipelines_failed_today' THEN d.actual ELSE u.pipelines_failed_today END,
        pipelines_cancelled_today = CASE d.what WHEN 'pipelines_cancelled_today' THEN d.actual ELSE u.pipelines_cancelled_today END
      WHERE u.usage_id = usage_id(p_customer_id, d.of_day);
      INSERT INTO outbox (mirror, key, partition_value, customer_id)
      VALUES ('customers.customer_usage_quotas', usage_id(p_customer_id, d.of_day), d.of_day::text, p_customer_id);
    END IF;
  END LOOP;

  SELECT count(*) INTO v_running FROM runs s WHERE s.status = 'RUNNING' AND s.origin <> 'observed' AND s.customer_id = p_customer_id;
  SELECT count(*) INTO v_today FROM runs s
  WHERE s.customer_id = p_customer_id AND s.run_day = c.day AND s.start_time >= (c.day - 1)::timestamp AT TIME ZONE 'UTC';
  -- Days before p_from are taken as they are kept, the others as their runs say.
  SELECT coalesce(sum(u.pipelines_run_today), 0) INTO v_month FROM usage_days u
  WHERE u.customer_id = p_customer_id AND u.usage_date >= c.month AND u.usage_date < p_from;
  SELECT v_month + count(*) INTO v_month FROM runs s
  WHERE s.customer_id = p_customer_id AND s.run_day >= greatest(c.month, p_from)
    AND s.start_time >= (greatest(c.month, p_from) - 1)::timestamp AT TIME ZONE 'UTC';

  of_day := c.day;
  FOR what, stored, actual IN VALUES
    ('running', c.running, v_running), ('runs_today', c.runs_today, v_today), ('runs_month', c.runs_month, v_month)
  LOOP
    CONTINUE WHEN stored = actual;
    v_wrong := true;
    RETURN NEXT;
  END LOOP;
  IF p_repair AND v_wrong THEN
    c.running := v_running;
    c.runs_today := v_today;
    c.runs_month := v_month;
    c := mark_quota(c, v_now);
    PERFORM save_counter(c, v_now, c.running, false, false);
  END IF;
END $$;

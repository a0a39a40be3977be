-- Sets the flags of 80 % and 100 % and queues each notification once a day; a raised limit lifts `exceeded` again.
CREATE OR REPLACE FUNCTION mark_quota(c quota_counters, p_now timestamptz) RETURNS quota_counters LANGUAGE plpgsql VOLATILE AS $$
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

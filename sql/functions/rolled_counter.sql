-- The counter at that instant: a new UTC day or month starts at zero; neither ever goes back.
CREATE OR REPLACE FUNCTION rolled_counter(c quota_counters, p_now timestamptz) RETURNS quota_counters LANGUAGE plpgsql IMMUTABLE AS $$
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

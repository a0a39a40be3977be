-- Applies new limits: p_limits has the keys that change. From the commit on no run is granted above them.
CREATE OR REPLACE FUNCTION apply_limits(p_customer_id text, p_limits jsonb, p_now timestamptz DEFAULT NULL)
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

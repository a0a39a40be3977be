-- Writes the counter.
CREATE OR REPLACE FUNCTION write_counter(c quota_counters, p_now timestamptz) RETURNS void LANGUAGE sql
BEGIN ATOMIC
  UPDATE quota_counters q SET
    day = (c).day, month = (c).month, runs_today = (c).runs_today, runs_month = (c).runs_month, running = (c).running,
    api_calls_today = (c).api_calls_today, api_calls_month = (c).api_calls_month, daily_limit = (c).daily_limit,
    monthly_limit = (c).monthly_limit, concurrent_limit = (c).concurrent_limit,
    api_calls_month_limit = (c).api_calls_month_limit, warning_sent = (c).warning_sent, exceeded = (c).exceeded,
    exceeded_at = (c).exceeded_at, refusal_reason = (c).refusal_reason, updated_at = p_now
  WHERE q.customer_id = (c).customer_id;
END;

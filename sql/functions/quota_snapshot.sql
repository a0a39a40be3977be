-- What a caller is told of the counts.
CREATE OR REPLACE FUNCTION quota_snapshot(c quota_counters) RETURNS jsonb LANGUAGE sql STABLE
RETURN jsonb_build_object(
  'day', (c).day, 'runsToday', (c).runs_today, 'dailyLimit', (c).daily_limit, 'runsMonth', (c).runs_month,
  'monthlyLimit', (c).monthly_limit, 'running', (c).running, 'concurrentLimit', (c).concurrent_limit,
  'warning', (c).warning_sent, 'exceeded', (c).exceeded
);

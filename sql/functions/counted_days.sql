-- What runs say of a customer's days from p_from on, beside what the day rows say.
CREATE OR REPLACE FUNCTION counted_days(p_customer_id text, p_from date)
RETURNS TABLE (of_day date, present boolean, what text, stored bigint, actual bigint) LANGUAGE sql STABLE AS $$
  WITH counted AS (
    SELECT run_day, count(*) AS runs, count(*) FILTER (WHERE status = 'COMPLETED') AS succeeded,
      count(*) FILTER (WHERE status = 'FAILED') AS failed, count(*) FILTER (WHERE status = 'CANCELLED') AS cancelled
    FROM runs
    WHERE customer_id = p_customer_id AND run_day >= p_from AND start_time >= (p_from - 1)::timestamp AT TIME ZONE 'UTC'
    GROUP BY run_day
  ), kept AS (
    SELECT * FROM usage_days WHERE customer_id = p_customer_id AND usage_date >= p_from
  )
  SELECT coalesce(k.usage_date, c.run_day), k.usage_id IS NOT NULL, f.what, coalesce(f.stored, 0), coalesce(f.actual, 0)
  FROM kept k FULL JOIN counted c ON c.run_day = k.usage_date
  CROSS JOIN LATERAL (VALUES
    ('pipelines_run_today', k.pipelines_run_today::bigint, c.runs),
    ('pipelines_succeeded_today', k.pipelines_succeeded_today::bigint, c.succeeded),
    ('pipelines_failed_today', k.pipelines_failed_today::bigint, c.failed),
    ('pipelines_cancelled_today', k.pipelines_cancelled_today::bigint, c.cancelled)
  ) AS f (what, stored, actual)
$$;

-- Tells the mirror of days whose calls or refusals it does not know: a day's first refusal at once, more of them a minute
-- after its last word, calls after 5 minutes; answers how many days. A counted call alone rewrites no row of BigQuery:
-- each would bill a MERGE and make cached pages stale.
CREATE OR REPLACE FUNCTION tell_calls(p_usage_ids text[], p_now timestamptz) RETURNS int LANGUAGE sql
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

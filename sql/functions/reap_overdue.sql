-- Ends the p_limit runs whose lease is over longest; answers how many.
CREATE OR REPLACE FUNCTION reap_overdue(p_limit int, p_now timestamptz DEFAULT NULL) RETURNS int LANGUAGE plpgsql AS $$
DECLARE v_share record; c quota_counters; v_now timestamptz; v_peak int; v_reaped int; v_total int := 0;
BEGIN
  v_now := quota_now(p_now);
  FOR v_share IN
    SELECT overdue.customer_id, count(*)::int AS runs FROM (
      SELECT s.customer_id FROM runs s WHERE s.status = 'RUNNING' AND s.origin <> 'observed' AND s.lease_expires_at < v_now
      ORDER BY s.lease_expires_at LIMIT p_limit
    ) overdue GROUP BY overdue.customer_id ORDER BY overdue.customer_id COLLATE "C"
  LOOP
    SELECT q.* INTO c FROM quota_counters q WHERE q.customer_id = v_share.customer_id FOR UPDATE;
    v_now := quota_now(p_now);
    v_reaped := reap_leases(v_share.customer_id, v_now, v_share.runs);
    v_total := v_total + v_reaped;
    IF v_reaped > 0 AND c.customer_id IS NOT NULL THEN
      c := rolled_counter(c, v_now);
      v_peak := c.running;
      c.running := greatest(0, c.running - v_reaped);
      PERFORM save_counter(c, v_now, v_peak, false, true);
    END IF;
  END LOOP;
  RETURN v_total;
END $$;

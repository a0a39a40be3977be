-- Gives up to p_limit runs up that waited until their time was over, and says why none was started; answers how many.
-- They took no quota, so none is given back. One that is being claimed or cancelled is left to that.
CREATE OR REPLACE FUNCTION expire_pending(p_limit int, p_now timestamptz DEFAULT NULL) RETURNS int LANGUAGE plpgsql AS $$
DECLARE v_now timestamptz := quota_now(p_now); v_run runs; v_expired int := 0;
BEGIN
  FOR v_run IN
    UPDATE runs s SET status = 'CANCELLED', end_time = greatest(s.pending_expires_at, s.start_time),
      error_message = CASE
          WHEN s.scheduled_for IS NULL
          THEN 'not started within ' || round(extract(epoch FROM s.pending_expires_at - s.created_at) / 3600) || ' hours: '
          ELSE 'not started by ' || instant_text(s.pending_expires_at) || ': '
        END || coalesce(s.pending_reason, 'no worker claimed it')
    FROM (
      SELECT w.pipeline_logging_id FROM runs w WHERE w.status = 'PENDING' AND w.pending_expires_at <= v_now
      ORDER BY w.pending_expires_at LIMIT p_limit FOR UPDATE SKIP LOCKED
    ) due
    WHERE s.pipeline_logging_id = due.pipeline_logging_id RETURNING s.*
  LOOP
    PERFORM tell_run(v_run);
    v_expired := v_expired + 1;
  END LOOP;
  RETURN v_expired;
END $$;

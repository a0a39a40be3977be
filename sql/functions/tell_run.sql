-- Tells the mirrors of a run's row: pipeline_runs, and run_details beside it.
CREATE OR REPLACE FUNCTION tell_run(r runs) RETURNS void LANGUAGE sql
BEGIN ATOMIC
  INSERT INTO outbox (mirror, key, partition_value, customer_id) VALUES
    ('tenant.pipeline_runs', (r).pipeline_logging_id::text, instant_text((r).start_time), (r).customer_id),
    ('tenant.run_details', (r).pipeline_logging_id::text, instant_text((r).created_at), (r).customer_id);
END;

-- Notes the first failed run of a pipeline and hour, for people to be told of. Whoever ends a run holds its customer's
-- counter row, so two at once never wait here for one another.
CREATE OR REPLACE FUNCTION note_run_failure() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO run_failures (customer_id, pipeline_id, hour, pipeline_logging_id)
  VALUES (NEW.customer_id, NEW.pipeline_id, date_trunc('hour', NEW.end_time, 'UTC'), NEW.pipeline_logging_id)
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER runs_note_failure AFTER UPDATE OF status ON runs FOR EACH ROW
WHEN (OLD.status = 'RUNNING' AND NEW.status = 'FAILED' AND NEW.end_time IS NOT NULL)
EXECUTE FUNCTION note_run_failure();

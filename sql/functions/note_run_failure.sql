-- Notes the first failed run of a pipeline and hour, for people to be told of. Whoever ends a run that takes quota holds its
-- customer's counter row, and an observed one is ended in a transaction of its own, so two never wait here for one another.
-- An observed run that was thought to have ended otherwise may still turn out to have failed. It is told of once while
-- its note stays, however often it goes on and fails again, and not where it failed more than a day ago, as runs that are
-- reported afterwards did.
CREATE OR REPLACE FUNCTION note_run_failure() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.origin = 'observed' AND (NEW.end_time < now() - interval '1 day'
    OR EXISTS (SELECT FROM run_failures WHERE pipeline_logging_id = NEW.pipeline_logging_id)) THEN
    RETURN NULL;
  END IF;
  INSERT INTO run_failures (customer_id, pipeline_id, hour, pipeline_logging_id)
  VALUES (NEW.customer_id, NEW.pipeline_id, date_trunc('hour', NEW.end_time, 'UTC'), NEW.pipeline_logging_id)
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER runs_note_failure AFTER UPDATE OF status ON runs FOR EACH ROW
WHEN (OLD.status <> 'FAILED' AND NEW.status = 'FAILED' AND NEW.end_time IS NOT NULL)
EXECUTE FUNCTION note_run_failure();

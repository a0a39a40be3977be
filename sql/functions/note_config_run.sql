-- Tells a config of its run that was claimed or has ended. One that is started at once is told by reserve_runs itself: a
-- trigger on INSERT would cost every start.
CREATE OR REPLACE FUNCTION note_config_run() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tell_config(NEW);
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER runs_note_config AFTER UPDATE OF status ON runs FOR EACH ROW
WHEN (NEW.config_id IS NOT NULL AND NEW.status IN ('RUNNING', 'COMPLETED', 'FAILED') AND OLD.status <> NEW.status)
EXECUTE FUNCTION note_config_run();

-- Keeps what the runs of a provider config say of it: when one last started, succeeded and failed, and how many failed in a
-- row. A cancelled run says neither. Locks are taken counter, run, config: who holds a config's row waits for no other.
CREATE OR REPLACE FUNCTION note_config_run() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE v_created_at timestamptz;
BEGIN
  UPDATE provider_configs p SET
    last_run_at = CASE NEW.status WHEN 'RUNNING' THEN greatest(p.last_run_at, NEW.start_time) ELSE p.last_run_at END,
    last_success_at = CASE NEW.status WHEN 'COMPLETED' THEN greatest(p.last_success_at, NEW.end_time) ELSE p.last_success_at END,
    last_failure_at = CASE NEW.status WHEN 'FAILED' THEN greatest(p.last_failure_at, NEW.end_time) ELSE p.last_failure_at END,
    consecutive_failures = CASE NEW.status
      WHEN 'COMPLETED' THEN 0 WHEN 'FAILED' THEN p.consecutive_failures + 1 ELSE p.consecutive_failures END
  WHERE p.config_id = NEW.config_id AND p.customer_id = NEW.customer_id
  RETURNING p.created_at INTO v_created_at;
  IF FOUND THEN
    INSERT INTO outbox (mirror, key, partition_value, customer_id)
    VALUES ('customers.customer_provider_configs', NEW.config_id, instant_text(v_created_at), NEW.customer_id);
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER runs_note_config_start AFTER INSERT ON runs FOR EACH ROW
WHEN (NEW.config_id IS NOT NULL AND NEW.status = 'RUNNING')
EXECUTE FUNCTION note_config_run();

CREATE OR REPLACE TRIGGER runs_note_config_change AFTER UPDATE OF status ON runs FOR EACH ROW
WHEN (NEW.config_id IS NOT NULL AND NEW.status IN ('RUNNING', 'COMPLETED', 'FAILED') AND OLD.status <> NEW.status)
EXECUTE FUNCTION note_config_run();

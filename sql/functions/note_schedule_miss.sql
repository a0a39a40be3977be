-- Notes the first scheduled run of a config and day that was given up because nobody claimed it, for people to be told of.
-- Of a config that is off or gone meanwhile nobody waits for it.
CREATE OR REPLACE FUNCTION note_schedule_miss() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO schedule_misses (customer_id, about, day, config_id, scheduled_for, pipeline_logging_id, reason)
  SELECT NEW.customer_id, NEW.config_id, (NEW.scheduled_for AT TIME ZONE 'UTC')::date, NEW.config_id, NEW.scheduled_for,
    NEW.pipeline_logging_id, coalesce(NEW.pending_reason, 'unclaimed')
  FROM provider_configs p WHERE p.config_id = NEW.config_id AND p.is_active
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER runs_note_schedule_miss AFTER UPDATE OF status ON runs FOR EACH ROW
WHEN (OLD.status = 'PENDING' AND NEW.status = 'CANCELLED' AND NEW.cancel_requested_at IS NULL
  AND NEW.scheduled_for IS NOT NULL AND NEW.config_id IS NOT NULL)
EXECUTE FUNCTION note_schedule_miss();

-- Makes the partitions of the months first_month..last_month and of every row that fell into the default one, which it
-- moves there; answers how many partitions it made. Rows are moved by detaching, because nothing may delete them.
CREATE OR REPLACE FUNCTION prepare_audit_months(first_month date, last_month date) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  stray boolean;
  month date;
  name text;
  made integer := 0;
  months date[];
BEGIN
  PERFORM pg_advisory_xact_lock(7240006);
  EXECUTE 'SELECT EXISTS (SELECT FROM audit_log_default)' INTO stray;
  SELECT array_agg(step::date) INTO months
  FROM generate_series(date_trunc('month', first_month), last_month, interval '1 month') AS step;
  IF stray THEN
    EXECUTE 'ALTER TABLE audit_log DETACH PARTITION audit_log_default';
    EXECUTE 'ALTER TABLE audit_log_default RENAME TO audit_log_strays';
    EXECUTE 'CREATE TABLE audit_log_default PARTITION OF audit_log DEFAULT';
    EXECUTE $q$SELECT $1 || array_agg(DISTINCT date_trunc('month', occurred_at AT TIME ZONE 'UTC')::date) FROM audit_log_strays$q$
      INTO months USING months;
  END IF;
  FOREACH month IN ARRAY months LOOP
    name := 'audit_log_' || to_char(month, 'YYYY_MM');
    CONTINUE WHEN to_regclass(name) IS NOT NULL;
    EXECUTE format(
      'CREATE TABLE %I PARTITION OF audit_log FOR VALUES FROM (%L) TO (%L)', name,
      to_char(month, 'YYYY-MM-DD') || ' 00:00:00+00',
      to_char(month + interval '1 month', 'YYYY-MM-DD') || ' 00:00:00+00');
    made := made + 1;
  END LOOP;
  IF stray THEN
    EXECUTE 'INSERT INTO audit_log SELECT * FROM audit_log_strays';
    EXECUTE 'DROP TABLE audit_log_strays';
  END IF;
  RETURN made;
END $$;

-- A new store has the partitions of this and the next three months from its first start; later ones are made by a job.
SELECT prepare_audit_months((clock_timestamp() AT TIME ZONE 'UTC')::date, ((clock_timestamp() AT TIME ZONE 'UTC') + interval '3 months')::date);

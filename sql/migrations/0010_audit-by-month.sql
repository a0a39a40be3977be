-- The audit log by month of occurred_at, so that a month beyond the retention leaves whole, once it is archived.
CREATE TABLE "audit_archives" (
	"archive_id" text PRIMARY KEY NOT NULL,
	"from_instant" timestamp (6) with time zone NOT NULL,
	"to_instant" timestamp (6) with time zone NOT NULL,
	"location" text NOT NULL,
	"statement" text NOT NULL,
	"seal" "bytea" NOT NULL,
	"archived_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	"copy_deleted_at" timestamp (6) with time zone
);
--> statement-breakpoint
ALTER TABLE audit_log RENAME TO audit_log_whole;
--> statement-breakpoint
ALTER TABLE audit_log_whole DROP CONSTRAINT audit_log_pkey;
--> statement-breakpoint
DROP INDEX audit_log_by_scope, audit_log_by_customer;
--> statement-breakpoint
CREATE TABLE audit_log (LIKE audit_log_whole INCLUDING DEFAULTS) PARTITION BY RANGE (occurred_at);
--> statement-breakpoint
ALTER TABLE audit_log ADD CONSTRAINT audit_log_audit_id_occurred_at_pk PRIMARY KEY (audit_id, occurred_at);
--> statement-breakpoint
-- A partitioned key must hold occurred_at. That no two rows share a sequence follows from the head's row lock.
CREATE UNIQUE INDEX audit_log_by_scope ON audit_log USING btree (scope, sequence, occurred_at);
--> statement-breakpoint
CREATE INDEX audit_log_by_customer ON audit_log USING btree (customer_id, occurred_at);
--> statement-breakpoint
CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE ON audit_log
  FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
--> statement-breakpoint
CREATE TRIGGER audit_log_no_truncate BEFORE TRUNCATE ON audit_log
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
--> statement-breakpoint
-- Takes rows of months that have no partition, so that no command ever fails for the lack of one.
CREATE TABLE audit_log_default PARTITION OF audit_log DEFAULT;
--> statement-breakpoint
INSERT INTO audit_log SELECT * FROM audit_log_whole;
--> statement-breakpoint
DROP TABLE audit_log_whole;
--> statement-breakpoint
-- Makes the partitions of the months first_month..last_month and of every row that fell into the default one, which it
-- moves there; answers how many partitions it made. Rows are moved by detaching, because nothing may delete them.
CREATE FUNCTION prepare_audit_months(first_month date, last_month date) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  stray boolean;
  month date;
  name text;
  made integer := 0;
  months date[];
BEGIN
  PERFORM pg_advisory_xact_lock(7240004);
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
--> statement-breakpoint
SELECT prepare_audit_months((clock_timestamp() AT TIME ZONE 'UTC')::date, ((clock_timestamp() AT TIME ZONE 'UTC') + interval '3 months')::date);

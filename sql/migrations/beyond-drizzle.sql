-- What drizzle has no word for; `npm run db:generate` appends it to the migration. Functions stand in sql/functions.
-- Takes rows of months that have no partition, so that no command ever fails for the lack of one.
CREATE TABLE audit_log_default PARTITION OF audit_log DEFAULT;
--> statement-breakpoint
-- Rewritten in place by every run, so pages keep room for the new versions (HOT updates).
ALTER TABLE quota_counters SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02);
--> statement-breakpoint
ALTER TABLE usage_days SET (fillfactor = 70);
--> statement-breakpoint
ALTER TABLE runs SET (fillfactor = 85);
--> statement-breakpoint
-- Take rows of hours and days that have no partition, so that nothing taken is refused for the lack of one.
CREATE TABLE ingest_log_default PARTITION OF ingest_log DEFAULT;
--> statement-breakpoint
CREATE TABLE event_receipts_default PARTITION OF event_receipts DEFAULT;
--> statement-breakpoint
-- Bodies of events come and go within a day; compressing them here makes appending batches two to three times slower.
ALTER TABLE ingest_log ALTER COLUMN body SET STORAGE EXTERNAL;
--> statement-breakpoint
-- Compressed already.
ALTER TABLE ingest_chunk_bodies ALTER COLUMN body SET STORAGE EXTERNAL;

CREATE TABLE "notification_preferences" (
	"user_id" text NOT NULL,
	"customer_id" text NOT NULL,
	"event" text NOT NULL,
	"channel" text NOT NULL,
	"enabled" boolean NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "notification_preferences_user_id_customer_id_event_channel_pk" PRIMARY KEY("user_id","customer_id","event","channel")
);
--> statement-breakpoint
CREATE TABLE "notifications" (
	"notification_id" text PRIMARY KEY NOT NULL,
	"customer_id" text NOT NULL,
	"event" text NOT NULL,
	"subject" text NOT NULL,
	"recipient" text NOT NULL,
	"user_id" text,
	"channel" text NOT NULL,
	"company_name" text NOT NULL,
	"data" jsonb NOT NULL,
	"sealed_secret" "bytea",
	"status" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp (3) with time zone NOT NULL,
	"last_error" text,
	"provider_id" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"sent_at" timestamp (3) with time zone,
	CONSTRAINT "notifications_status" CHECK ("notifications"."status" IN ('queued', 'sent', 'failed', 'suppressed'))
);
--> statement-breakpoint
CREATE TABLE "run_failures" (
	"customer_id" text NOT NULL,
	"pipeline_id" text NOT NULL,
	"hour" timestamp (3) with time zone NOT NULL,
	"pipeline_logging_id" uuid NOT NULL,
	"told_at" timestamp (3) with time zone,
	CONSTRAINT "run_failures_customer_id_pipeline_id_hour_pk" PRIMARY KEY("customer_id","pipeline_id","hour")
);
--> statement-breakpoint
CREATE UNIQUE INDEX "notifications_once" ON "notifications" USING btree ("customer_id","event","subject","recipient","channel");--> statement-breakpoint
CREATE INDEX "notifications_due" ON "notifications" USING btree ("next_attempt_at") WHERE status = 'queued';--> statement-breakpoint
CREATE INDEX "notifications_failed" ON "notifications" USING btree ("created_at") WHERE status = 'failed';--> statement-breakpoint
CREATE INDEX "notifications_by_recipient" ON "notifications" USING btree ("recipient","created_at");--> statement-breakpoint
CREATE INDEX "run_failures_untold" ON "run_failures" USING btree ("hour") WHERE told_at IS NULL;--> statement-breakpoint
CREATE INDEX "quota_events_unsent" ON "quota_events" USING btree ("created_at") WHERE sent_at IS NULL;
CREATE TABLE "billing_flags" (
	"flag_id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"stripe_id" text NOT NULL,
	"customer_id" text,
	"detail" text NOT NULL,
	"first_seen_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	"last_seen_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	"resolved_at" timestamp (3) with time zone,
	CONSTRAINT "billing_flags_once" UNIQUE("kind","stripe_id")
);
--> statement-breakpoint
CREATE TABLE "invoices" (
	"invoice_id" text PRIMARY KEY NOT NULL,
	"customer_id" text NOT NULL,
	"stripe_subscription_id" text,
	"number" text,
	"status" text NOT NULL,
	"billing_reason" text,
	"currency" text NOT NULL,
	"total_cents" integer NOT NULL,
	"amount_due_cents" integer NOT NULL,
	"amount_paid_cents" integer NOT NULL,
	"period_start" timestamp (3) with time zone,
	"period_end" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"paid_at" timestamp (3) with time zone,
	"attempt_count" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp (3) with time zone,
	"last_error" text,
	"hosted_url" text,
	"pdf_url" text,
	"updated_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "stripe_events" (
	"event_id" text PRIMARY KEY NOT NULL,
	"type" text NOT NULL,
	"livemode" boolean NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"received_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	"stripe_customer_id" text,
	"stripe_subscription_id" text,
	"stripe_invoice_id" text,
	"payload" jsonb NOT NULL,
	"status" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	"last_error" text,
	"processed_at" timestamp (3) with time zone,
	"customer_id" text
);
--> statement-breakpoint
CREATE TABLE "subscription_changes" (
	"change_id" text PRIMARY KEY NOT NULL,
	"customer_id" text NOT NULL,
	"subscription_id" text NOT NULL,
	"changed_at" timestamp (3) with time zone NOT NULL,
	"from_plan" text,
	"to_plan" text NOT NULL,
	"from_status" text,
	"to_status" text NOT NULL,
	"cause" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "subscriptions" ADD COLUMN "period_start" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD COLUMN "period_end" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD COLUMN "cancel_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD COLUMN "scheduled_plan_name" text;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD COLUMN "scheduled_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD COLUMN "stripe_schedule_id" text;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD COLUMN "past_due_since" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD COLUMN "last_payment_failed_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD COLUMN "last_payment_error" text;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD COLUMN "payment_method_on_file" boolean;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD COLUMN "stripe_fetched_at" timestamp (3) with time zone;--> statement-breakpoint
CREATE INDEX "invoices_by_customer" ON "invoices" USING btree ("customer_id","created_at");--> statement-breakpoint
CREATE INDEX "stripe_events_waiting" ON "stripe_events" USING btree ("next_attempt_at") WHERE status = 'waiting';--> statement-breakpoint
CREATE INDEX "stripe_events_by_subscription" ON "stripe_events" USING btree ("stripe_subscription_id") WHERE status = 'waiting';--> statement-breakpoint
CREATE INDEX "stripe_events_dead" ON "stripe_events" USING btree ("received_at") WHERE status = 'dead';--> statement-breakpoint
CREATE INDEX "stripe_events_by_age" ON "stripe_events" USING btree ("received_at");--> statement-breakpoint
CREATE INDEX "subscription_changes_by_customer" ON "subscription_changes" USING btree ("customer_id","changed_at");--> statement-breakpoint
-- Customers of before have a beginning too, and it reaches BigQuery.
INSERT INTO subscription_changes (change_id, customer_id, subscription_id, changed_at, to_plan, to_status, cause)
SELECT 'sch_' || substr(md5(subscription_id), 1, 20), customer_id, subscription_id, date_trunc('milliseconds', created_at), plan_name, status, 'sign_up'
FROM subscriptions;
--> statement-breakpoint
INSERT INTO outbox (mirror, key, partition_value, customer_id)
SELECT 'customers.customer_subscription_changes', change_id, to_char(changed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), customer_id
FROM subscription_changes;

CREATE TABLE "erasures" (
	"customer_id" text PRIMARY KEY NOT NULL,
	"tenant_dataset_id" text NOT NULL,
	"stripe_customer_id" text,
	"requested_at" timestamp (6) with time zone NOT NULL,
	"erased_at" timestamp (6) with time zone NOT NULL,
	"deleted_rows" jsonb NOT NULL,
	"dataset_dropped_at" timestamp (6) with time zone,
	"stripe_deleted_at" timestamp (6) with time zone
);
--> statement-breakpoint
ALTER TABLE "customers" ADD COLUMN "sign_up_token" text;--> statement-breakpoint
ALTER TABLE "customers" ADD COLUMN "dataset_ready_at" timestamp (6) with time zone;--> statement-breakpoint
ALTER TABLE "customers" ADD COLUMN "stripe_outdated" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "customers" ADD COLUMN "deletion_requested_at" timestamp (6) with time zone;--> statement-breakpoint
ALTER TABLE "customers" ADD COLUMN "deletion_requested_by" text;--> statement-breakpoint
ALTER TABLE "customers" ADD COLUMN "deletion_due_at" timestamp (6) with time zone;--> statement-breakpoint
CREATE INDEX "customers_by_creator" ON "customers" USING btree ("created_by");--> statement-breakpoint
CREATE INDEX "customers_deletion_due" ON "customers" USING btree ("deletion_due_at") WHERE deletion_due_at IS NOT NULL;--> statement-breakpoint
ALTER TABLE "customers" ADD CONSTRAINT "customers_sign_up_token_unique" UNIQUE("sign_up_token");
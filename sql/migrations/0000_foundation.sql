CREATE TABLE "audit_denials" (
	"scope" text NOT NULL,
	"customer_id" text,
	"actor_type" text NOT NULL,
	"actor_id" text NOT NULL,
	"action" text NOT NULL,
	"minute" timestamp (6) with time zone NOT NULL,
	"occurrences" integer DEFAULT 1 NOT NULL,
	"request_id" text,
	"ip_prefix" text,
	"user_agent" text,
	CONSTRAINT "audit_denials_scope_actor_type_actor_id_action_minute_pk" PRIMARY KEY("scope","actor_type","actor_id","action","minute")
);
--> statement-breakpoint
CREATE TABLE "audit_heads" (
	"scope" text PRIMARY KEY NOT NULL,
	"sequence" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_log" (
	"audit_id" text PRIMARY KEY NOT NULL,
	"customer_id" text,
	"scope" text NOT NULL,
	"sequence" bigint NOT NULL,
	"occurrences" integer DEFAULT 1 NOT NULL,
	"occurred_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	"actor_type" text NOT NULL,
	"actor_id" text NOT NULL,
	"action" text NOT NULL,
	"target_type" text NOT NULL,
	"target_id" text NOT NULL,
	"outcome" text NOT NULL,
	"before" jsonb,
	"after" jsonb,
	"request_id" text,
	"ip_prefix" text,
	"user_agent" text
);
--> statement-breakpoint
CREATE TABLE "data_versions" (
	"table_name" text NOT NULL,
	"customer_id" text NOT NULL,
	"version" bigint NOT NULL,
	"synced_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "data_versions_table_name_customer_id_pk" PRIMARY KEY("table_name","customer_id")
);
--> statement-breakpoint
CREATE TABLE "job_runs" (
	"job_run_id" text PRIMARY KEY NOT NULL,
	"job" text NOT NULL,
	"started_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	"finished_at" timestamp (6) with time zone,
	"outcome" text NOT NULL,
	"report" jsonb,
	"error" text,
	"started_by" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mirror_jobs" (
	"mirror" text NOT NULL,
	"dataset" text NOT NULL,
	"job_id" text NOT NULL,
	"outbox_ids" bigint[] NOT NULL,
	"started_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "mirror_jobs_mirror_dataset_pk" PRIMARY KEY("mirror","dataset")
);
--> statement-breakpoint
CREATE TABLE "outbox" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"mirror" text NOT NULL,
	"key" text NOT NULL,
	"partition_value" text,
	"customer_id" text,
	"created_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "outbox_dead" (
	"id" bigint PRIMARY KEY NOT NULL,
	"mirror" text NOT NULL,
	"key" text NOT NULL,
	"partition_value" text,
	"customer_id" text,
	"created_at" timestamp (6) with time zone NOT NULL,
	"failed_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	"error" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "customers" (
	"customer_id" text PRIMARY KEY NOT NULL,
	"company_name" text NOT NULL,
	"admin_email" text NOT NULL,
	"tenant_dataset_id" text NOT NULL,
	"status" text NOT NULL,
	"subscription_plan" text NOT NULL,
	"stripe_customer_id" text,
	"created_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	"updated_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	"created_by" text NOT NULL,
	"updated_by" text NOT NULL,
	"trial_start_date" date,
	"trial_end_date" date,
	"support_tier" text DEFAULT 'STANDARD' NOT NULL,
	"billing_email" text,
	"phone_number" text,
	"data_residency" text DEFAULT 'US' NOT NULL,
	"requires_hipaa" boolean DEFAULT false NOT NULL,
	"requires_soc2" boolean DEFAULT false NOT NULL,
	"notes" text,
	CONSTRAINT "customers_tenant_dataset_id_unique" UNIQUE("tenant_dataset_id"),
	CONSTRAINT "customers_stripe_customer_id_unique" UNIQUE("stripe_customer_id")
);
--> statement-breakpoint
CREATE TABLE "subscriptions" (
	"subscription_id" text PRIMARY KEY NOT NULL,
	"customer_id" text NOT NULL,
	"plan_name" text NOT NULL,
	"status" text NOT NULL,
	"max_team_members" integer NOT NULL,
	"max_providers" integer NOT NULL,
	"max_pipelines_per_day" integer NOT NULL,
	"max_concurrent_pipelines" integer DEFAULT 3 NOT NULL,
	"max_storage_gb" integer,
	"max_api_calls_per_day" integer,
	"max_api_calls_per_month" integer NOT NULL,
	"trial_start_date" date,
	"trial_end_date" date,
	"is_trial" boolean DEFAULT false NOT NULL,
	"subscription_start_date" date NOT NULL,
	"subscription_end_date" date,
	"billing_cycle" text DEFAULT 'MONTHLY' NOT NULL,
	"stripe_subscription_id" text,
	"stripe_plan_id" text,
	"stripe_status" text,
	"monthly_price_usd" numeric(10, 2),
	"annual_price_usd" numeric(10, 2),
	"currency" text DEFAULT 'USD' NOT NULL,
	"created_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	"updated_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	"cancelled_at" timestamp (6) with time zone,
	"cancellation_reason" text,
	"auto_renew" boolean DEFAULT true NOT NULL,
	"next_billing_date" date,
	CONSTRAINT "subscriptions_stripe_subscription_id_unique" UNIQUE("stripe_subscription_id")
);
--> statement-breakpoint
CREATE TABLE "team_members" (
	"member_id" text PRIMARY KEY NOT NULL,
	"customer_id" text NOT NULL,
	"user_id" text,
	"email" text NOT NULL,
	"full_name" text,
	"avatar_url" text,
	"role" text NOT NULL,
	"status" text NOT NULL,
	"invited_by" text,
	"invited_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	"invitation_token_hash" text,
	"invitation_expires_at" timestamp (6) with time zone,
	"joined_at" timestamp (6) with time zone,
	"last_login_at" timestamp (6) with time zone,
	"last_activity_at" timestamp (6) with time zone,
	"login_count" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	"updated_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	"removed_at" timestamp (6) with time zone,
	"removed_by" text,
	"removal_reason" text,
	"email_notifications" boolean DEFAULT true NOT NULL,
	"slack_notifications" boolean DEFAULT false NOT NULL,
	"timezone" text DEFAULT 'UTC' NOT NULL,
	CONSTRAINT "team_members_invitation_token_hash_unique" UNIQUE("invitation_token_hash")
);
--> statement-breakpoint
CREATE TABLE "users" (
	"user_id" text PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"google_sub" text,
	"full_name" text,
	"avatar_url" text,
	"session_version" integer DEFAULT 1 NOT NULL,
	"time_display" text DEFAULT 'relative' NOT NULL,
	"checklist_hidden" boolean DEFAULT false NOT NULL,
	"created_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	"updated_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "users_email_unique" UNIQUE("email"),
	CONSTRAINT "users_google_sub_unique" UNIQUE("google_sub")
);
--> statement-breakpoint
CREATE UNIQUE INDEX "audit_log_by_scope" ON "audit_log" USING btree ("scope","sequence");--> statement-breakpoint
CREATE INDEX "audit_log_by_customer" ON "audit_log" USING btree ("customer_id","occurred_at");--> statement-breakpoint
CREATE INDEX "job_runs_by_job" ON "job_runs" USING btree ("job","started_at");--> statement-breakpoint
CREATE INDEX "outbox_by_mirror" ON "outbox" USING btree ("mirror","id");--> statement-breakpoint
CREATE INDEX "outbox_by_customer" ON "outbox" USING btree ("customer_id","mirror");--> statement-breakpoint
CREATE INDEX "subscriptions_by_customer" ON "subscriptions" USING btree ("customer_id","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "team_members_email" ON "team_members" USING btree ("customer_id","email");--> statement-breakpoint
CREATE INDEX "team_members_user" ON "team_members" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "team_members_by_email" ON "team_members" USING btree ("email");
CREATE TABLE "api_keys" (
	"api_key_id" text PRIMARY KEY NOT NULL,
	"customer_id" text NOT NULL,
	"api_key_hash" text NOT NULL,
	"encrypted_api_key" "bytea" NOT NULL,
	"key_name" text NOT NULL,
	"key_prefix" text NOT NULL,
	"key_last4" text NOT NULL,
	"scopes" text[] NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"last_used_at" timestamp (3) with time zone,
	"is_active" boolean DEFAULT true NOT NULL,
	"created_by" text NOT NULL,
	"updated_by" text NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"deactivated_by" text,
	"deactivated_at" timestamp (3) with time zone,
	"deactivation_reason" text,
	"rate_limit_tier" text DEFAULT 'STANDARD' NOT NULL,
	"last_used_mirrored_at" timestamp (3) with time zone,
	"rotated_from" text,
	"replaced_by" text,
	"request_token" text,
	CONSTRAINT "api_keys_api_key_hash_unique" UNIQUE("api_key_hash"),
	CONSTRAINT "api_keys_rotated_from_unique" UNIQUE("rotated_from")
);
--> statement-breakpoint
CREATE TABLE "service_keys" (
	"api_key_id" text PRIMARY KEY NOT NULL,
	"api_key_hash" text NOT NULL,
	"encrypted_api_key" "bytea" NOT NULL,
	"key_name" text NOT NULL,
	"key_prefix" text NOT NULL,
	"key_last4" text NOT NULL,
	"scopes" text[] NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"last_used_at" timestamp (3) with time zone,
	"is_active" boolean DEFAULT true NOT NULL,
	"created_by" text NOT NULL,
	"updated_by" text NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"deactivated_by" text,
	"deactivated_at" timestamp (3) with time zone,
	"deactivation_reason" text,
	"rate_limit_tier" text DEFAULT 'STANDARD' NOT NULL,
	CONSTRAINT "service_keys_api_key_hash_unique" UNIQUE("api_key_hash")
);
--> statement-breakpoint
CREATE TABLE "dq_results" (
	"dq_result_id" uuid PRIMARY KEY NOT NULL,
	"customer_id" text NOT NULL,
	"pipeline_logging_id" uuid NOT NULL,
	"target_table" text NOT NULL,
	"dq_config_id" text NOT NULL,
	"executed_at" timestamp (3) with time zone NOT NULL,
	"expectations_passed" integer NOT NULL,
	"expectations_failed" integer NOT NULL,
	"failed_expectations" jsonb,
	"overall_status" text NOT NULL,
	"ingestion_date" date NOT NULL
);
--> statement-breakpoint
CREATE TABLE "runs" (
	"pipeline_logging_id" uuid PRIMARY KEY NOT NULL,
	"customer_id" text NOT NULL,
	"pipeline_id" text NOT NULL,
	"status" text NOT NULL,
	"trigger_type" text NOT NULL,
	"trigger_by" text NOT NULL,
	"started_by" text NOT NULL,
	"run_day" date NOT NULL,
	"start_time" timestamp (3) with time zone NOT NULL,
	"end_time" timestamp (3) with time zone,
	"duration_ms" bigint,
	"config_version" text,
	"worker_instance" text,
	"error_message" text,
	"parameters" jsonb,
	"lease_seconds" integer NOT NULL,
	"lease_expires_at" timestamp (3) with time zone NOT NULL,
	"lease_expired" boolean DEFAULT false NOT NULL,
	CONSTRAINT "runs_status" CHECK ("runs"."status" IN ('RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED'))
);
--> statement-breakpoint
CREATE TABLE "step_logs" (
	"step_logging_id" uuid PRIMARY KEY NOT NULL,
	"customer_id" text NOT NULL,
	"pipeline_logging_id" uuid NOT NULL,
	"step_name" text NOT NULL,
	"step_type" text NOT NULL,
	"step_index" integer NOT NULL,
	"status" text NOT NULL,
	"start_time" timestamp (3) with time zone NOT NULL,
	"end_time" timestamp (3) with time zone,
	"duration_ms" bigint,
	"rows_processed" bigint,
	"error_message" text,
	"metadata" jsonb,
	"updated_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"customer_id" text NOT NULL,
	"idempotency_key" text NOT NULL,
	"body_hash" text NOT NULL,
	"pipeline_logging_id" uuid NOT NULL,
	"quota" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "idempotency_keys_customer_id_idempotency_key_pk" PRIMARY KEY("customer_id","idempotency_key")
);
--> statement-breakpoint
CREATE TABLE "quota_counters" (
	"customer_id" text PRIMARY KEY NOT NULL,
	"day" date NOT NULL,
	"month" date NOT NULL,
	"runs_today" integer DEFAULT 0 NOT NULL,
	"runs_month" integer DEFAULT 0 NOT NULL,
	"running" integer DEFAULT 0 NOT NULL,
	"api_calls_today" bigint DEFAULT 0 NOT NULL,
	"api_calls_month" bigint DEFAULT 0 NOT NULL,
	"daily_limit" integer NOT NULL,
	"monthly_limit" integer,
	"concurrent_limit" integer DEFAULT 3 NOT NULL,
	"api_calls_month_limit" bigint,
	"warning_sent" boolean DEFAULT false NOT NULL,
	"exceeded" boolean DEFAULT false NOT NULL,
	"exceeded_at" timestamp (3) with time zone,
	"refusal_reason" text,
	"runs_allowed" boolean GENERATED ALWAYS AS (refusal_reason IS NULL) STORED NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "quota_counters_reason" CHECK ("quota_counters"."refusal_reason" IN ('subscription_inactive', 'customer_suspended')),
	CONSTRAINT "quota_counters_counts" CHECK ("quota_counters"."runs_today" >= 0 AND "quota_counters"."runs_month" >= 0 AND "quota_counters"."running" >= 0),
	CONSTRAINT "quota_counters_limits" CHECK ("quota_counters"."daily_limit" >= 0 AND "quota_counters"."concurrent_limit" >= 0)
);
--> statement-breakpoint
CREATE TABLE "quota_events" (
	"customer_id" text NOT NULL,
	"day" date NOT NULL,
	"kind" text NOT NULL,
	"runs" integer NOT NULL,
	"daily_limit" integer NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"sent_at" timestamp (3) with time zone,
	CONSTRAINT "quota_events_customer_id_day_kind_pk" PRIMARY KEY("customer_id","day","kind")
);
--> statement-breakpoint
CREATE TABLE "usage_days" (
	"usage_id" text PRIMARY KEY NOT NULL,
	"customer_id" text NOT NULL,
	"usage_date" date NOT NULL,
	"pipelines_run_today" integer DEFAULT 0 NOT NULL,
	"pipelines_failed_today" integer DEFAULT 0 NOT NULL,
	"pipelines_succeeded_today" integer DEFAULT 0 NOT NULL,
	"pipelines_cancelled_today" integer DEFAULT 0 NOT NULL,
	"pipelines_refused_today" integer DEFAULT 0 NOT NULL,
	"pipelines_run_month" integer DEFAULT 0 NOT NULL,
	"concurrent_pipelines_running" integer DEFAULT 0 NOT NULL,
	"max_concurrent_reached" integer DEFAULT 0 NOT NULL,
	"daily_limit" integer NOT NULL,
	"monthly_limit" integer,
	"concurrent_limit" integer NOT NULL,
	"quota_exceeded" boolean DEFAULT false NOT NULL,
	"quota_warning_sent" boolean DEFAULT false NOT NULL,
	"quota_exceeded_at" timestamp (3) with time zone,
	"total_api_calls_today" bigint DEFAULT 0 NOT NULL,
	"total_storage_used_gb" numeric(10, 2) DEFAULT '0' NOT NULL,
	"last_updated" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	"last_pipeline_started_at" timestamp (3) with time zone,
	"last_pipeline_completed_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE INDEX "api_keys_by_customer" ON "api_keys" USING btree ("customer_id","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "api_keys_by_request" ON "api_keys" USING btree ("customer_id","request_token");--> statement-breakpoint
CREATE INDEX "api_keys_expiring" ON "api_keys" USING btree ("expires_at") WHERE is_active AND expires_at IS NOT NULL;--> statement-breakpoint
CREATE INDEX "api_keys_last_used_unmirrored" ON "api_keys" USING btree ("last_used_at") WHERE last_used_at IS DISTINCT FROM last_used_mirrored_at;--> statement-breakpoint
CREATE INDEX "dq_results_by_run" ON "dq_results" USING btree ("pipeline_logging_id");--> statement-breakpoint
CREATE INDEX "runs_leases" ON "runs" USING btree ("lease_expires_at","customer_id") WHERE status = 'RUNNING';--> statement-breakpoint
CREATE INDEX "runs_by_customer" ON "runs" USING btree ("customer_id","start_time","pipeline_logging_id");--> statement-breakpoint
CREATE INDEX "step_logs_by_run" ON "step_logs" USING btree ("pipeline_logging_id");--> statement-breakpoint
CREATE UNIQUE INDEX "usage_days_by_customer" ON "usage_days" USING btree ("customer_id","usage_date");
-- Which tables hold all customers: the shared dataset `customers`.
-- Generated from schemas/ by `npm run generate`; change the JSON files, not this one.
-- Policy tags, views and grants are applied by `npm run cli -- schemas security apply`.

CREATE TABLE IF NOT EXISTS customers.customer_api_keys (
  `api_key_id` STRING NOT NULL OPTIONS (description = 'Identifier of the key; safe to show and to log.'),
  `customer_id` STRING NOT NULL OPTIONS (description = 'Customer the row belongs to; refers to customer_profiles.customer_id. Every tenant query filters by it first.'),
  `api_key_hash` STRING NOT NULL OPTIONS (description = 'SHA-256 of the key in lower-case hexadecimal; a presented key is looked up by it.'),
  `encrypted_api_key` BYTES NOT NULL OPTIONS (description = 'The key sealed by AES-256-GCM under a data key that Cloud KMS wraps. Never selected by pages or views.'),
  `key_name` STRING NOT NULL OPTIONS (description = 'Name the customer gave the key, 1 to 80 characters.'),
  `scopes` ARRAY<STRING> OPTIONS (description = 'What the key may do, for example runs:write, runs:read, quota:read, keys:read. At least one.'),
  `created_at` TIMESTAMP DEFAULT CURRENT_TIMESTAMP() NOT NULL OPTIONS (description = 'When the key was created, UTC. Partition column.'),
  `expires_at` TIMESTAMP OPTIONS (description = 'When the key stops working, UTC. NULL means never.'),
  `last_used_at` TIMESTAMP OPTIONS (description = 'Latest successful authentication, UTC; written in batches. NULL means never used.'),
  `is_active` BOOL DEFAULT true NOT NULL OPTIONS (description = 'Whether the key may be used. An expired key is refused even while this is true.'),
  `created_by` STRING NOT NULL OPTIONS (description = 'Email address of the member who created the key.'),
  `deactivated_by` STRING OPTIONS (description = 'Email address of the person who revoked the key. NULL while active.'),
  `deactivated_at` TIMESTAMP OPTIONS (description = 'When the key was revoked, UTC. NULL while active.'),
  `deactivation_reason` STRING OPTIONS (description = 'Why the key was revoked, in the words of the person or the rule that did it.'),
  `rate_limit_tier` STRING DEFAULT 'STANDARD' OPTIONS (description = 'How many requests a second the key may make: STANDARD, ELEVATED or UNLIMITED.'),
  `key_prefix` STRING NOT NULL OPTIONS (description = 'First characters of the key (ty_live_…), shown in lists so that people can tell keys apart.'),
  `key_last4` STRING NOT NULL OPTIONS (description = 'Last four characters of the key, shown in lists.'),
  `rotated_from` STRING OPTIONS (description = 'api_key_id of the key that this one replaces. NULL if it replaces none.'),
  `updated_at` TIMESTAMP NOT NULL OPTIONS (description = 'When the row last changed, UTC.'),
  `credential_ids` ARRAY<STRING> OPTIONS (description = 'Stored cloud credentials that the key may fetch; empty if it may fetch any of the customer\'s that its scopes allow.'),
  PRIMARY KEY (api_key_id) NOT ENFORCED
)
PARTITION BY DATE(created_at)
CLUSTER BY customer_id, api_key_hash
OPTIONS (
  description = 'API keys of all customers. The key itself is shown once and stored only as a hash and a KMS-encrypted copy. Rows never expire: a revoked key stays as evidence of who could call what and when.',
  labels = [('tier', 'critical')]
);

CREATE TABLE IF NOT EXISTS customers.customer_audit_log (
  `audit_id` STRING NOT NULL OPTIONS (description = 'Identifier of the entry.'),
  `customer_id` STRING OPTIONS (description = 'Customer the entry concerns. NULL where there is none: a stranger was refused, or staff read across customers.'),
  `sequence` INT64 NOT NULL OPTIONS (description = 'Number of the entry within its customer, without gaps, so that a missing row shows.'),
  `occurrences` INT64 DEFAULT 1 OPTIONS (description = 'How many times it happened; equal refusals of one actor are counted per minute.'),
  `occurred_at` TIMESTAMP NOT NULL OPTIONS (description = 'When it happened, UTC. Partition column.'),
  `actor_type` STRING NOT NULL OPTIONS (description = 'Kind of actor: user, api_key, service, staff, stripe or system.'),
  `actor_id` STRING NOT NULL OPTIONS (description = 'Who acted: an email address, a key identifier or the name of a service.'),
  `action` STRING NOT NULL OPTIONS (description = 'What was done, as noun and verb, for example api_key.create.'),
  `target_type` STRING NOT NULL OPTIONS (description = 'Kind of thing acted on, for example api_key.'),
  `target_id` STRING NOT NULL OPTIONS (description = 'Identifier of the thing acted on.'),
  `outcome` STRING NOT NULL OPTIONS (description = 'How it ended: ok, denied or failed.'),
  `before` JSON OPTIONS (description = 'The changed fields before, as a JSON object with secrets cut out. NULL for a creation.'),
  `after` JSON OPTIONS (description = 'The changed fields after, as a JSON object with secrets cut out. NULL for a deletion.'),
  `request_id` STRING OPTIONS (description = 'Identifier of the request, as in the logs. NULL for background work.'),
  `ip_prefix` STRING OPTIONS (description = 'Network the request came from: the address cut to /24 (IPv4) or /48 (IPv6).'),
  `user_agent` STRING OPTIONS (description = 'Program that sent the request, as it named itself.'),
  PRIMARY KEY (audit_id) NOT ENFORCED
)
PARTITION BY DATE(occurred_at)
CLUSTER BY customer_id, action
OPTIONS (
  description = 'Every change and every refusal: who did what to which thing, when and with what outcome. Append only. No expiration: a row leaves only when its archived partition is dropped and a signed checkpoint keeps the sequence verifiable.',
  labels = [('tier', 'critical')]
);

CREATE TABLE IF NOT EXISTS customers.customer_cloud_credentials (
  `credential_id` STRING NOT NULL OPTIONS (description = 'Identifier of the credential; safe to show and to log.'),
  `customer_id` STRING NOT NULL OPTIONS (description = 'Customer the row belongs to; refers to customer_profiles.customer_id. Every tenant query filters by it first.'),
  `provider` STRING NOT NULL OPTIONS (description = 'Whose service the credential opens: GCP, AWS, AZURE, OPENAI, ANTHROPIC or GITHUB.'),
  `credential_type` STRING NOT NULL OPTIONS (description = 'Kind of credential: SERVICE_ACCOUNT, IAM_ROLE, API_KEY or OAUTH.'),
  `credential_name` STRING NOT NULL OPTIONS (description = 'Name the customer gave the credential, 1 to 80 characters.'),
  `encrypted_credentials` BYTES NOT NULL OPTIONS (description = 'The credential as JSON, sealed by AES-256-GCM under a data key that Cloud KMS wraps. Never selected by pages or views.'),
  `project_id` STRING OPTIONS (description = 'Google Cloud project the credential belongs to. NULL for other providers.'),
  `account_id` STRING OPTIONS (description = 'AWS account or Azure subscription the credential belongs to. NULL for other providers.'),
  `region` STRING OPTIONS (description = 'Region the credential is used in, in the words of the provider (us-east-1).'),
  `scopes` ARRAY<STRING> OPTIONS (description = 'OAuth scopes or permissions the credential was granted; empty if unknown.'),
  `last_validated_at` TIMESTAMP OPTIONS (description = 'When a connection test last ran, UTC. NULL means never tested.'),
  `validation_status` STRING OPTIONS (description = 'Result of the last connection test: VALID, EXPIRED, INVALID or PENDING. NULL means never tested.'),
  `validation_error` STRING OPTIONS (description = 'What the provider answered when the last test failed; never holds the secret.'),
  `created_at` TIMESTAMP DEFAULT CURRENT_TIMESTAMP() NOT NULL OPTIONS (description = 'When the credential was stored, UTC. Partition column.'),
  `updated_at` TIMESTAMP DEFAULT CURRENT_TIMESTAMP() NOT NULL OPTIONS (description = 'When the row last changed, UTC.'),
  `is_active` BOOL DEFAULT true NOT NULL OPTIONS (description = 'Whether workers may fetch the credential.'),
  `created_by` STRING NOT NULL OPTIONS (description = 'Email address of the member who stored the credential.'),
  `updated_by` STRING OPTIONS (description = 'Email address of the member who changed it last. NULL if never changed.'),
  `last_used_at` TIMESTAMP OPTIONS (description = 'When a worker last fetched the credential, UTC. NULL means never.'),
  `usage_count` INT64 DEFAULT 0 OPTIONS (description = 'How many times workers have fetched the credential.'),
  `kind` STRING OPTIONS (description = 'What the credential is made of: gcp_service_account, aws_access_key, aws_role, azure_client_secret, openai_api_key, anthropic_api_key or github_token.'),
  `secret_hint` STRING OPTIONS (description = 'An id by which people tell secrets apart (a key id, a client id, digits of a hash); never characters of the secret.'),
  `secret_version` INT64 OPTIONS (description = 'Counts the secrets that were stored under this credential, from 1.'),
  `secret_stored_at` TIMESTAMP OPTIONS (description = 'When the current secret was stored, UTC.'),
  `previous_until` TIMESTAMP OPTIONS (description = 'Until when the secret before the last rotation may be fetched, UTC. NULL where none may.'),
  `expires_at` TIMESTAMP OPTIONS (description = 'When the secret stops working, as its provider says, UTC. NULL if never or not known.'),
  `failing_since` TIMESTAMP OPTIONS (description = 'First of the failed connection tests since the last good one, UTC. NULL while it works.'),
  PRIMARY KEY (credential_id) NOT ENFORCED
)
PARTITION BY DATE(created_at)
CLUSTER BY customer_id, provider
OPTIONS (
  description = 'Credentials for customers\' cloud and model providers, sealed under Cloud KMS. Rows never expire: a deactivated credential stays until its customer is deleted.',
  labels = [('tier', 'critical')]
);

CREATE TABLE IF NOT EXISTS customers.customer_invoices (
  `invoice_id` STRING NOT NULL OPTIONS (description = 'Identifier of the invoice in Stripe.'),
  `customer_id` STRING NOT NULL OPTIONS (description = 'Customer the row belongs to; refers to customer_profiles.customer_id. Every tenant query filters by it first.'),
  `stripe_subscription_id` STRING OPTIONS (description = 'Subscription in Stripe that it bills. NULL for one made by hand.'),
  `number` STRING OPTIONS (description = 'Number on the document. NULL while it is a draft.'),
  `status` STRING NOT NULL OPTIONS (description = 'draft, open, paid, void or uncollectible.'),
  `billing_reason` STRING OPTIONS (description = 'Why it was made, as Stripe names it: subscription_create, subscription_cycle, subscription_update or manual.'),
  `currency` STRING NOT NULL OPTIONS (description = 'ISO 4217 code in upper case.'),
  `total_cents` INT64 NOT NULL OPTIONS (description = 'Total after discounts and taxes; negative for a credit.'),
  `amount_due_cents` INT64 NOT NULL OPTIONS (description = 'What was to be paid.'),
  `amount_paid_cents` INT64 NOT NULL OPTIONS (description = 'What has been paid.'),
  `period_start` TIMESTAMP OPTIONS (description = 'Start of the time that it bills.'),
  `period_end` TIMESTAMP OPTIONS (description = 'End of the time that it bills.'),
  `created_at` TIMESTAMP NOT NULL OPTIONS (description = 'When Stripe made it.'),
  `paid_at` TIMESTAMP OPTIONS (description = 'When it was paid. NULL while it is not.'),
  `attempt_count` INT64 NOT NULL OPTIONS (description = 'Attempts to charge it.'),
  `next_attempt_at` TIMESTAMP OPTIONS (description = 'When Stripe tries again. NULL when it does not.'),
  `last_error` STRING OPTIONS (description = 'Why the last attempt failed. NULL when it did not.'),
  `hosted_url` STRING OPTIONS (description = 'Stripe\'s page of the invoice, where it can be paid. Opens for whoever has it.'),
  `pdf_url` STRING OPTIONS (description = 'The document as PDF. Opens for whoever has it.'),
  `updated_at` TIMESTAMP NOT NULL OPTIONS (description = 'When we last wrote it.'),
  PRIMARY KEY (invoice_id) NOT ENFORCED
)
PARTITION BY DATE(created_at)
CLUSTER BY customer_id, status
OPTIONS (
  description = 'Invoices of customers as Stripe last showed them. Amounts are in the currency\'s smallest unit. Rows never expire: billing history must be kept. Ours: the documents name no invoices, the billing reports need their totals.',
  labels = [('tier', 'core')]
);

CREATE TABLE IF NOT EXISTS customers.customer_profiles (
  `customer_id` STRING NOT NULL OPTIONS (description = 'Identifier of the customer, given at sign-up and never changed.'),
  `company_name` STRING NOT NULL OPTIONS (description = 'Name of the company as shown in the portal and on invoices.'),
  `admin_email` STRING NOT NULL OPTIONS (description = 'Email address of the person who signed the company up; the first OWNER.'),
  `tenant_dataset_id` STRING NOT NULL OPTIONS (description = 'Name of the customer\'s own BigQuery dataset, which holds its run history, step logs and data quality results.'),
  `status` STRING NOT NULL OPTIONS (description = 'State of the account: ACTIVE (in good standing), TRIAL (in the trial period), SUSPENDED (stopped by staff) or CANCELLED (ended or trial expired).'),
  `subscription_plan` STRING NOT NULL OPTIONS (description = 'Plan of the current subscription: STARTER, PROFESSIONAL or SCALE. A copy; customer_subscriptions leads.'),
  `stripe_customer_id` STRING OPTIONS (description = 'Identifier of the customer at Stripe (cus_…). NULL until billing is set up.'),
  `created_at` TIMESTAMP DEFAULT CURRENT_TIMESTAMP() NOT NULL OPTIONS (description = 'When the customer signed up, UTC. Partition column.'),
  `updated_at` TIMESTAMP DEFAULT CURRENT_TIMESTAMP() NOT NULL OPTIONS (description = 'When the row last changed, UTC.'),
  `trial_start_date` DATE OPTIONS (description = 'First day of the trial, UTC. NULL if there was no trial.'),
  `trial_end_date` DATE OPTIONS (description = 'Last day of the trial, UTC: 14 days after its start. NULL if there was no trial.'),
  `support_tier` STRING DEFAULT 'STANDARD' OPTIONS (description = 'Level of support bought: STANDARD, PRIORITY or ENTERPRISE.'),
  `billing_email` STRING OPTIONS (description = 'Address that receives invoices. NULL means admin_email.'),
  `phone_number` STRING OPTIONS (description = 'Telephone number of the company in international form (+14155550100).'),
  `data_residency` STRING DEFAULT 'US' OPTIONS (description = 'Region the customer\'s data must stay in: US, EU or APAC.'),
  `requires_hipaa` BOOL DEFAULT false OPTIONS (description = 'Whether the customer handles health data and needs HIPAA terms.'),
  `requires_soc2` BOOL DEFAULT false OPTIONS (description = 'Whether the customer asked for SOC 2 evidence.'),
  `notes` STRING OPTIONS (description = 'Remarks of support staff. Never shown to the customer.'),
  PRIMARY KEY (customer_id) NOT ENFORCED
)
PARTITION BY DATE(created_at)
CLUSTER BY customer_id, status
OPTIONS (
  description = 'Main registry of customers: one row per customer with its plan, status, trial and the name of its own dataset. Rows never expire: the registry must outlive every other table.',
  labels = [('tier', 'core')]
);

CREATE TABLE IF NOT EXISTS customers.customer_provider_configs (
  `config_id` STRING NOT NULL OPTIONS (description = 'Identifier of the configuration.'),
  `customer_id` STRING NOT NULL OPTIONS (description = 'Customer the row belongs to; refers to customer_profiles.customer_id. Every tenant query filters by it first.'),
  `provider` STRING NOT NULL OPTIONS (description = 'Provider the pipelines read from: GCP, AWS, AZURE, OPENAI, ANTHROPIC or MULTI_CLOUD.'),
  `domain` STRING NOT NULL OPTIONS (description = 'What the pipelines are about: COST, SECURITY, COMPLIANCE, OBSERVABILITY or CUSTOM.'),
  `config_name` STRING NOT NULL OPTIONS (description = 'Name the customer gave the configuration, 1 to 80 characters.'),
  `pipeline_id` STRING OPTIONS (description = 'Pipeline that runs of the configuration are of; <provider>_<domain> unless it names another.'),
  `credential_id` STRING OPTIONS (description = 'Credential the pipelines use; refers to customer_cloud_credentials. NULL if none is needed.'),
  `source_project_id` STRING OPTIONS (description = 'Project or account the source data lies in.'),
  `source_dataset` STRING OPTIONS (description = 'Dataset, bucket or database the source data lies in.'),
  `source_table` STRING OPTIONS (description = 'Table or path the source data lies in.'),
  `notification_emails` ARRAY<STRING> OPTIONS (description = 'Addresses told about failures of these pipelines.'),
  `slack_webhook_url` STRING OPTIONS (description = 'Slack webhook told about failures. A secret: sealed in the ledger and never mirrored in clear.'),
  `notification_enabled` BOOL DEFAULT true OPTIONS (description = 'Whether failures are notified at all.'),
  `default_parameters` JSON OPTIONS (description = 'Parameters each run gets unless its start names others, as a JSON object.'),
  `pipeline_template_overrides` JSON OPTIONS (description = 'Changes to the pipeline template, as a JSON object.'),
  `schedule_enabled` BOOL DEFAULT false OPTIONS (description = 'Whether the schedule starts runs.'),
  `schedule_cron` STRING OPTIONS (description = 'When runs start, as a five-field cron expression. NULL if not scheduled.'),
  `schedule_timezone` STRING DEFAULT 'UTC' OPTIONS (description = 'Time zone of schedule_cron, as an IANA name.'),
  `retention_days` INT64 DEFAULT 90 OPTIONS (description = 'How many days results are kept.'),
  `is_active` BOOL DEFAULT true OPTIONS (description = 'Whether workers may use the configuration.'),
  `last_run_at` TIMESTAMP OPTIONS (description = 'When a run of it last started, UTC. NULL means never.'),
  `last_success_at` TIMESTAMP OPTIONS (description = 'When a run of it last completed, UTC. NULL means never.'),
  `last_failure_at` TIMESTAMP OPTIONS (description = 'When a run of it last failed, UTC. NULL means never.'),
  `consecutive_failures` INT64 DEFAULT 0 OPTIONS (description = 'Failed runs since the last success.'),
  `created_at` TIMESTAMP DEFAULT CURRENT_TIMESTAMP() NOT NULL OPTIONS (description = 'When the configuration was created, UTC. Partition column.'),
  `updated_at` TIMESTAMP DEFAULT CURRENT_TIMESTAMP() NOT NULL OPTIONS (description = 'When the row last changed, UTC.'),
  `created_by` STRING NOT NULL OPTIONS (description = 'Email address of the member who created it.'),
  `updated_by` STRING OPTIONS (description = 'Email address of the member who changed it last. NULL if never changed.'),
  `tags` ARRAY<STRING> OPTIONS (description = 'Words the customer uses to group configurations.'),
  `description` STRING OPTIONS (description = 'What the configuration is for, in the words of the customer.'),
  PRIMARY KEY (config_id) NOT ENFORCED
)
PARTITION BY DATE(created_at)
CLUSTER BY customer_id, provider, domain
OPTIONS (
  description = 'How pipelines of a customer read from one provider for one domain of analysis. Rows never expire: a switched-off configuration stays with is_active false.',
  labels = [('tier', 'core')]
);

CREATE TABLE IF NOT EXISTS customers.customer_subscription_changes (
  `change_id` STRING NOT NULL OPTIONS (description = 'Identifier of the change.'),
  `customer_id` STRING NOT NULL OPTIONS (description = 'Customer the row belongs to; refers to customer_profiles.customer_id. Every tenant query filters by it first.'),
  `subscription_id` STRING NOT NULL OPTIONS (description = 'Subscription it happened to; refers to customer_subscriptions.subscription_id.'),
  `changed_at` TIMESTAMP NOT NULL OPTIONS (description = 'From when on it holds.'),
  `from_plan` STRING OPTIONS (description = 'Plan before. NULL for a new customer.'),
  `to_plan` STRING NOT NULL OPTIONS (description = 'Plan from then on: STARTER, PROFESSIONAL or SCALE.'),
  `from_status` STRING OPTIONS (description = 'Status before. NULL for a new customer.'),
  `to_status` STRING NOT NULL OPTIONS (description = 'Status from then on: ACTIVE, TRIAL, EXPIRED, CANCELLED or PAST_DUE.'),
  `cause` STRING NOT NULL OPTIONS (description = 'What brought it: sign_up, stripe, trial_end, grace_end, staff or reconcile.'),
  PRIMARY KEY (change_id) NOT ENFORCED
)
PARTITION BY DATE(changed_at)
CLUSTER BY customer_id, to_status
OPTIONS (
  description = 'Every change of a subscription\'s plan or status. Appended only; rows never expire: plan days and the month\'s changes are read from it. Ours: document 003 asks to review subscription changes without naming where they are kept.',
  labels = [('tier', 'core')]
);

CREATE TABLE IF NOT EXISTS customers.customer_subscriptions (
  `subscription_id` STRING NOT NULL OPTIONS (description = 'Identifier of the subscription in this product.'),
  `customer_id` STRING NOT NULL OPTIONS (description = 'Customer the row belongs to; refers to customer_profiles.customer_id. Every tenant query filters by it first.'),
  `plan_name` STRING NOT NULL OPTIONS (description = 'Plan bought: STARTER, PROFESSIONAL or SCALE.'),
  `status` STRING NOT NULL OPTIONS (description = 'State of the subscription: ACTIVE, TRIAL, EXPIRED (trial over, unpaid), CANCELLED or PAST_DUE (payment failed, grace period running).'),
  `max_team_members` INT64 NOT NULL OPTIONS (description = 'Seats: members and open invitations together may not exceed it.'),
  `max_providers` INT64 NOT NULL OPTIONS (description = 'Different providers the customer may configure.'),
  `max_pipelines_per_day` INT64 NOT NULL OPTIONS (description = 'Pipeline runs that may start on one UTC day.'),
  `max_concurrent_pipelines` INT64 DEFAULT 3 OPTIONS (description = 'Pipeline runs that may be running at the same moment.'),
  `max_storage_gb` INT64 OPTIONS (description = 'Storage allowed in gigabytes. NULL means unlimited.'),
  `max_api_calls_per_day` INT64 OPTIONS (description = 'API calls allowed on one UTC day. NULL means no daily limit.'),
  `trial_start_date` DATE OPTIONS (description = 'First day of the trial, UTC. NULL if there was no trial.'),
  `trial_end_date` DATE OPTIONS (description = 'Last day of the trial, UTC: 14 days after its start. NULL if there was no trial.'),
  `is_trial` BOOL DEFAULT false OPTIONS (description = 'Whether the subscription is in its trial now.'),
  `subscription_start_date` DATE NOT NULL OPTIONS (description = 'First day of the subscription, UTC. Partition column; it never changes.'),
  `subscription_end_date` DATE OPTIONS (description = 'Day the subscription ends or ended, UTC. NULL while it renews.'),
  `billing_cycle` STRING DEFAULT 'MONTHLY' OPTIONS (description = 'How often it is billed: MONTHLY or ANNUAL.'),
  `stripe_subscription_id` STRING OPTIONS (description = 'Identifier of the subscription at Stripe (sub_…). NULL during a trial without payment.'),
  `stripe_plan_id` STRING OPTIONS (description = 'Identifier of the price at Stripe (price_…). NULL during a trial without payment.'),
  `stripe_status` STRING OPTIONS (description = 'Status in the words of Stripe, for example trialing, active, past_due, unpaid, paused, canceled.'),
  `monthly_price_usd` NUMERIC(10, 2) OPTIONS (description = 'Price of one month in US dollars. NULL if billed yearly only.'),
  `annual_price_usd` NUMERIC(10, 2) OPTIONS (description = 'Price of one year in US dollars. NULL if billed monthly only.'),
  `currency` STRING DEFAULT 'USD' OPTIONS (description = 'Currency of the invoices as a three-letter ISO 4217 code.'),
  `created_at` TIMESTAMP DEFAULT CURRENT_TIMESTAMP() NOT NULL OPTIONS (description = 'When the row was created, UTC.'),
  `updated_at` TIMESTAMP DEFAULT CURRENT_TIMESTAMP() NOT NULL OPTIONS (description = 'When the row last changed, UTC.'),
  `cancelled_at` TIMESTAMP OPTIONS (description = 'When the cancellation was asked for, UTC. NULL if not cancelled.'),
  `cancellation_reason` STRING OPTIONS (description = 'Why it was cancelled, in the words of the customer or of Stripe.'),
  `auto_renew` BOOL DEFAULT true OPTIONS (description = 'Whether it renews at the end of the period.'),
  `next_billing_date` DATE OPTIONS (description = 'Day of the next invoice, UTC. NULL if none will come.'),
  `max_api_calls_per_month` INT64 OPTIONS (description = 'API calls allowed in one UTC month: 10000 (STARTER), 100000 (PROFESSIONAL), 1000000 (SCALE) unless staff changed it. NULL means unlimited.'),
  PRIMARY KEY (subscription_id) NOT ENFORCED
)
PARTITION BY subscription_start_date
CLUSTER BY customer_id, status
OPTIONS (
  description = 'Subscriptions of customers with the current limits; a new subscription is a new row. Rows never expire: billing history must be kept.',
  labels = [('tier', 'core')]
);

CREATE TABLE IF NOT EXISTS customers.customer_team_members (
  `member_id` STRING NOT NULL OPTIONS (description = 'Identifier of the membership.'),
  `customer_id` STRING NOT NULL OPTIONS (description = 'Customer the row belongs to; refers to customer_profiles.customer_id. Every tenant query filters by it first.'),
  `email` STRING NOT NULL OPTIONS (description = 'Email address in lower case; unique within a customer.'),
  `full_name` STRING OPTIONS (description = 'Name of the person as told by the sign-in provider. NULL until first sign-in.'),
  `avatar_url` STRING OPTIONS (description = 'Address of the person\'s picture. NULL if there is none.'),
  `role` STRING NOT NULL OPTIONS (description = 'What the member may do: OWNER (all), ADMIN (all but ownership and deletion), COLLABORATOR (runs, provider configs, use of credentials) or VIEWER (reads).'),
  `permissions` ARRAY<STRING> OPTIONS (description = 'Permissions beyond the role; usually empty.'),
  `status` STRING NOT NULL OPTIONS (description = 'State of the membership: ACTIVE, INVITED, SUSPENDED or REMOVED.'),
  `is_active` BOOL DEFAULT true OPTIONS (description = 'Whether the member may sign in now.'),
  `invited_by` STRING OPTIONS (description = 'Email address of the member who invited this one. NULL for the first owner.'),
  `invited_at` TIMESTAMP DEFAULT CURRENT_TIMESTAMP() NOT NULL OPTIONS (description = 'When the member was first invited, UTC. Partition column; a resent invitation keeps it.'),
  `invitation_token` STRING OPTIONS (description = 'SHA-256 of the invitation token. Never mirrored to BigQuery, so always NULL here.'),
  `invitation_expires_at` TIMESTAMP OPTIONS (description = 'When the invitation lapses, UTC. NULL once accepted.'),
  `joined_at` TIMESTAMP OPTIONS (description = 'When the invitation was accepted, UTC. NULL while invited.'),
  `last_login_at` TIMESTAMP OPTIONS (description = 'Latest sign-in, UTC. NULL means never.'),
  `last_activity_at` TIMESTAMP OPTIONS (description = 'Latest page view or change, UTC. NULL means never.'),
  `login_count` INT64 DEFAULT 0 OPTIONS (description = 'How many times the member has signed in.'),
  `created_at` TIMESTAMP DEFAULT CURRENT_TIMESTAMP() NOT NULL OPTIONS (description = 'When the row was created, UTC.'),
  `updated_at` TIMESTAMP DEFAULT CURRENT_TIMESTAMP() NOT NULL OPTIONS (description = 'When the row last changed, UTC.'),
  `removed_at` TIMESTAMP OPTIONS (description = 'When the member was removed, UTC. NULL while a member.'),
  `removed_by` STRING OPTIONS (description = 'Email address of the person who removed the member.'),
  `removal_reason` STRING OPTIONS (description = 'Why the member was removed.'),
  `email_notifications` BOOL DEFAULT true OPTIONS (description = 'Whether the member receives notifications by mail.'),
  `slack_notifications` BOOL DEFAULT false OPTIONS (description = 'Whether the member receives notifications in Slack.'),
  `timezone` STRING DEFAULT 'UTC' OPTIONS (description = 'Time zone for dates shown to the member, as an IANA name (Europe/Berlin).'),
  PRIMARY KEY (member_id) NOT ENFORCED
)
PARTITION BY DATE(invited_at)
CLUSTER BY customer_id, email
OPTIONS (
  description = 'People who may sign in for a customer, with role and invitation state. Rows never expire: a removed member stays as a row with status REMOVED.',
  labels = [('tier', 'core')]
);

CREATE TABLE IF NOT EXISTS customers.customer_usage_quotas (
  `usage_id` STRING NOT NULL OPTIONS (description = 'Identifier of the row.'),
  `customer_id` STRING NOT NULL OPTIONS (description = 'Customer the row belongs to; refers to customer_profiles.customer_id. Every tenant query filters by it first.'),
  `usage_date` DATE NOT NULL OPTIONS (description = 'The UTC day the counts are for. Partition column.'),
  `pipelines_run_today` INT64 DEFAULT 0 OPTIONS (description = 'Runs started on this day; compared with daily_limit.'),
  `pipelines_failed_today` INT64 DEFAULT 0 OPTIONS (description = 'Runs started on this day that failed.'),
  `pipelines_succeeded_today` INT64 DEFAULT 0 OPTIONS (description = 'Runs started on this day that completed.'),
  `pipelines_cancelled_today` INT64 DEFAULT 0 OPTIONS (description = 'Runs started on this day that were cancelled.'),
  `pipelines_run_month` INT64 DEFAULT 0 OPTIONS (description = 'Runs started in the UTC month up to and including this day.'),
  `concurrent_pipelines_running` INT64 DEFAULT 0 OPTIONS (description = 'Runs that were running when the row last changed.'),
  `max_concurrent_reached` INT64 DEFAULT 0 OPTIONS (description = 'Most runs that ran at one moment of this day.'),
  `daily_limit` INT64 NOT NULL OPTIONS (description = 'Runs allowed on this day.'),
  `monthly_limit` INT64 OPTIONS (description = 'Runs allowed in this month. NULL means unlimited.'),
  `concurrent_limit` INT64 DEFAULT 3 OPTIONS (description = 'Runs allowed at one moment.'),
  `quota_exceeded` BOOL DEFAULT false OPTIONS (description = 'Whether the daily limit was reached, so that further runs are refused.'),
  `quota_warning_sent` BOOL DEFAULT false OPTIONS (description = 'Whether the warning at 80 % of the daily limit was sent.'),
  `quota_exceeded_at` TIMESTAMP OPTIONS (description = 'When the daily limit was reached, UTC. NULL if it was not.'),
  `total_api_calls_today` INT64 DEFAULT 0 OPTIONS (description = 'Authenticated calls to the data plane on this day.'),
  `total_storage_used_gb` NUMERIC(10, 2) OPTIONS (description = 'Size of the customer\'s dataset in gigabytes when last measured; NULL where it never was.'),
  `last_updated` TIMESTAMP DEFAULT CURRENT_TIMESTAMP() NOT NULL OPTIONS (description = 'When the row last changed, UTC.'),
  `last_pipeline_started_at` TIMESTAMP OPTIONS (description = 'When the latest run started, UTC. NULL if none has.'),
  `last_pipeline_completed_at` TIMESTAMP OPTIONS (description = 'When the latest run ended, UTC. NULL if none has.'),
  `pipelines_refused_today` INT64 DEFAULT 0 OPTIONS (description = 'Starts refused on this day because a limit was reached.'),
  PRIMARY KEY (usage_id) NOT ENFORCED
)
PARTITION BY usage_date
CLUSTER BY customer_id, usage_date
OPTIONS (
  description = 'Use and limits of each customer on each UTC day: one row per customer and day. Rows never expire: year-on-year reports and billing read old days.',
  labels = [('tier', 'core')]
);

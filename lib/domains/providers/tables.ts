/** Postgres table of provider configs, mirrored to customers.customer_provider_configs. */
import { sql } from 'drizzle-orm';
import { boolean, check, index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { cloudCredentials } from '@/lib/domains/credentials/tables';
import { configDomains, configProviders, defaultRetentionDays } from '@/lib/domains/providers/rules';
import { bytes, instant } from '@/lib/kernel/columns';

export type JsonObject = Record<string, unknown>;

export const providerConfigs = pgTable(
  'provider_configs',
  {
    configId: text('config_id').primaryKey(),
    /** No foreign key: ends of runs update the row, twice in one transaction it may be, and Postgres would then lock the customer's. */
    customerId: text('customer_id').notNull(),
    provider: text('provider', { enum: configProviders }).notNull(),
    domain: text('domain', { enum: configDomains }).notNull(),
    configName: text('config_name').notNull(),
    /** The pipeline that its runs are of. */
    pipelineId: text('pipeline_id').notNull(),
    credentialId: text('credential_id').references(() => cloudCredentials.credentialId),
    sourceProjectId: text('source_project_id'),
    sourceDataset: text('source_dataset'),
    sourceTable: text('source_table'),
    notificationEmails: text('notification_emails').array().notNull().default([]),
    /** The address of a Slack webhook, sealed for `config_id`: whoever has it can write into the channel. */
    sealedSlackWebhook: bytes('sealed_slack_webhook'),
    slackSetAt: instant('slack_set_at'),
    notificationEnabled: boolean('notification_enabled').notNull().default(true),
    defaultParameters: jsonb('default_parameters').$type<JsonObject>(),
    pipelineTemplateOverrides: jsonb('pipeline_template_overrides').$type<JsonObject>(),
    scheduleEnabled: boolean('schedule_enabled').notNull().default(false),
    scheduleCron: text('schedule_cron'),
    scheduleTimezone: text('schedule_timezone').notNull().default('UTC'),
    /** When the schedule makes its next run; null where none is to come. */
    nextRunAt: instant('next_run_at'),
    /** The time of the schedule that the last run was made for; what a failing config waits from. */
    lastTickAt: instant('last_tick_at'),
    retentionDays: integer('retention_days').notNull().default(defaultRetentionDays),
    isActive: boolean('is_active').notNull().default(true),
    lastRunAt: instant('last_run_at'),
    lastSuccessAt: instant('last_success_at'),
    lastFailureAt: instant('last_failure_at'),
    consecutiveFailures: integer('consecutive_failures').notNull().default(0),
    createdAt: instant('created_at').notNull(),
    createdBy: text('created_by').notNull(),
    updatedAt: instant('updated_at').notNull(),
    updatedBy: text('updated_by'),
    tags: text('tags').array().notNull().default([]),
    description: text('description'),
    /** Counts the changes that a worker must know of: what GET /v1/provider-configs tells by its ETag. */
    version: integer('version').notNull().default(1),
    /** The form or request that made it, so that a double click makes one. */
    requestToken: text('request_token'),
  },
  table => [
    check('provider_configs_scheduled', sql`NOT ${table.scheduleEnabled} OR ${table.scheduleCron} IS NOT NULL`),
    index('provider_configs_by_customer').on(table.customerId, table.createdAt),
    index('provider_configs_by_credential').on(table.credentialId),
    uniqueIndex('provider_configs_by_name').on(table.customerId, sql`lower(${table.configName})`),
    uniqueIndex('provider_configs_by_request').on(table.customerId, table.requestToken),
    index('provider_configs_due').on(table.nextRunAt).where(sql`next_run_at IS NOT NULL`),
  ],
);

export type ProviderConfig = typeof providerConfigs.$inferSelect;

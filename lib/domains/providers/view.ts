/** A provider config as callers may see it: every column but the sealed webhook. */
import type { ConfigDomain, ConfigProvider } from '@/lib/domains/providers/rules';
import type { JsonObject, ProviderConfig } from '@/lib/domains/providers/tables';

export type ConfigView = {
  config_id: string;
  name: string;
  provider: ConfigProvider;
  domain: ConfigDomain;
  pipeline_id: string;
  credential_id: string | null;
  source_project_id: string | null;
  source_dataset: string | null;
  source_table: string | null;
  notification_emails: string[];
  /** Since when messages go to Slack; null where they do not. */
  slack_set_at: Date | null;
  notification_enabled: boolean;
  default_parameters: JsonObject | null;
  pipeline_template_overrides: JsonObject | null;
  schedule_enabled: boolean;
  schedule_cron: string | null;
  schedule_timezone: string;
  next_run_at: Date | null;
  /** The last time of the schedule that made a run; what a failing config waits from. */
  last_tick_at: Date | null;
  retention_days: number;
  is_active: boolean;
  last_run_at: Date | null;
  last_success_at: Date | null;
  last_failure_at: Date | null;
  consecutive_failures: number;
  created_at: Date;
  created_by: string;
  updated_at: Date;
  updated_by: string | null;
  tags: string[];
  description: string | null;
  version: number;
};

/** A stored config without what must not be read to show it. */
export type ReadableConfig = Omit<ProviderConfig, 'sealedSlackWebhook'>;

/** The view of a stored config. */
export const viewOf = (row: ReadableConfig): ConfigView => ({
  config_id: row.configId,
  name: row.configName,
  provider: row.provider,
  domain: row.domain,
  pipeline_id: row.pipelineId,
  credential_id: row.credentialId,
  source_project_id: row.sourceProjectId,
  source_dataset: row.sourceDataset,
  source_table: row.sourceTable,
  notification_emails: row.notificationEmails,
  slack_set_at: row.slackSetAt,
  notification_enabled: row.notificationEnabled,
  default_parameters: row.defaultParameters,
  pipeline_template_overrides: row.pipelineTemplateOverrides,
  schedule_enabled: row.scheduleEnabled,
  schedule_cron: row.scheduleCron,
  schedule_timezone: row.scheduleTimezone,
  next_run_at: row.nextRunAt,
  last_tick_at: row.lastTickAt,
  retention_days: row.retentionDays,
  is_active: row.isActive,
  last_run_at: row.lastRunAt,
  last_success_at: row.lastSuccessAt,
  last_failure_at: row.lastFailureAt,
  consecutive_failures: row.consecutiveFailures,
  created_at: row.createdAt,
  created_by: row.createdBy,
  updated_at: row.updatedAt,
  updated_by: row.updatedBy,
  tags: row.tags,
  description: row.description,
  version: row.version,
});

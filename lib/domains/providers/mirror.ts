/** provider_configs → customers.customer_provider_configs; the Slack webhook only as its ciphertext. Source: docs/spec/requirements.md, C-08. */
import { type ProviderConfig, providerConfigs } from '@/lib/domains/providers/tables';
import { defineMirror } from '@/lib/warehouse/mirror/define-mirror';
import { mirrorSource } from '@/lib/warehouse/mirror/mirror-source';
import { type CustomerProviderConfigsRow, tables } from '@/lib/warehouse/rows/customers';

export const configsMirror = defineMirror<ProviderConfig, CustomerProviderConfigsRow>({
  name: 'customers.customer_provider_configs',
  shape: tables.customer_provider_configs,
  mode: 'upsert',
  ...mirrorSource(providerConfigs, { key: providerConfigs.configId, customer: providerConfigs.customerId }),
  keyOf: row => row.configId,
  customerOf: row => row.customerId,
  toRow: row => ({
    config_id: row.configId,
    customer_id: row.customerId,
    provider: row.provider,
    domain: row.domain,
    config_name: row.configName,
    pipeline_id: row.pipelineId,
    credential_id: row.credentialId,
    source_project_id: row.sourceProjectId,
    source_dataset: row.sourceDataset,
    source_table: row.sourceTable,
    notification_emails: row.notificationEmails,
    slack_webhook_url: row.sealedSlackWebhook && `sealed:${row.sealedSlackWebhook.toString('base64')}`,
    notification_enabled: row.notificationEnabled,
    default_parameters: row.defaultParameters,
    pipeline_template_overrides: row.pipelineTemplateOverrides,
    schedule_enabled: row.scheduleEnabled,
    schedule_cron: row.scheduleCron,
    schedule_timezone: row.scheduleTimezone,
    retention_days: row.retentionDays,
    is_active: row.isActive,
    last_run_at: row.lastRunAt,
    last_success_at: row.lastSuccessAt,
    last_failure_at: row.lastFailureAt,
    consecutive_failures: row.consecutiveFailures,
    created_at: row.createdAt,
    updated_at: row.updatedAt,
    created_by: row.createdBy,
    updated_by: row.updatedBy,
    tags: row.tags,
    description: row.description,
  }),
});

/** A provider config as the data plane shows it: what a worker needs, and nothing of the webhook or of what runs move on. */
import { z } from 'zod';
import { configId } from '@/lib/domains/providers/input';
import { configDomains, configProviders } from '@/lib/domains/providers/rules';
import type { ReadableConfig } from '@/lib/domains/providers/view';

const instant = z.iso.datetime();
const json = z.record(z.string(), z.unknown()).nullable();

export const configParams = z.strictObject({
  config_id: configId.meta({ description: 'Id of the provider config.', example: 'cfg_3k9m2x7q4w8z1b5n6v0c' }),
});

export const ifNoneMatch = z.object({
  'if-none-match': z
    .string()
    .optional()
    .meta({ description: 'The `ETag` of the answer you have; where it still holds the answer is 304 without a body.' }),
});

export const configSchema = z
  .strictObject({
    config_id: z.string(),
    name: z.string(),
    provider: z.enum(configProviders),
    domain: z.enum(configDomains),
    pipeline_id: z.string().meta({ description: 'The pipeline that its runs are of.' }),
    credential_id: z.string().nullable().meta({ description: 'The credential to fetch; null where it uses none.' }),
    source_project_id: z.string().nullable(),
    source_dataset: z.string().nullable(),
    source_table: z.string().nullable(),
    default_parameters: json.meta({ description: 'Parameters of a run that names none.' }),
    pipeline_template_overrides: json.meta({ description: 'What differs from the pipeline’s template.' }),
    schedule_enabled: z.boolean(),
    schedule_cron: z.string().nullable().meta({ example: '0 2 * * *' }),
    schedule_timezone: z.string().meta({ example: 'Europe/Berlin' }),
    retention_days: z.int(),
    is_active: z.boolean(),
    tags: z.array(z.string()),
    description: z.string().nullable(),
    version: z.int().meta({ description: 'Goes up with every change by a person.' }),
    created_at: instant,
    updated_at: instant,
  })
  .meta({ id: 'ProviderConfig' });

export const configBody = (config: ReadableConfig): z.input<typeof configSchema> => ({
  config_id: config.configId,
  name: config.configName,
  provider: config.provider,
  domain: config.domain,
  pipeline_id: config.pipelineId,
  credential_id: config.credentialId,
  source_project_id: config.sourceProjectId,
  source_dataset: config.sourceDataset,
  source_table: config.sourceTable,
  default_parameters: config.defaultParameters,
  pipeline_template_overrides: config.pipelineTemplateOverrides,
  schedule_enabled: config.scheduleEnabled,
  schedule_cron: config.scheduleCron,
  schedule_timezone: config.scheduleTimezone,
  retention_days: config.retentionDays,
  is_active: config.isActive,
  tags: config.tags,
  description: config.description,
  version: config.version,
  created_at: config.createdAt.toISOString(),
  updated_at: config.updatedAt.toISOString(),
});

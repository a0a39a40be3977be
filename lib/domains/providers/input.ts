/** What callers may send about provider configs; forms and JSON alike. Names are those of the JSON documents. */
import { z } from 'zod';
import { credentialId } from '@/lib/domains/credentials/input';
import {
  configDomains,
  configIdPattern,
  configProviders,
  defaultRetentionDays,
  maxConfigJsonBytes,
  maxNotificationEmails,
  maxTags,
  minIntervalMinutes,
} from '@/lib/domains/providers/rules';
import { pipelineId } from '@/lib/domains/runs/input';
import { lineInput, nameInput, openLineInput } from '@/lib/kernel/names';
import { storableJson, storableText } from '@/lib/kernel/storable';
import { cronProblem, isZone } from '@/lib/platform/cron';

export const configName = nameInput('Give the config a name.');
export const configId = z.string().regex(configIdPattern, 'This is not the id of a provider config.');

const place = openLineInput(1_024)
  .transform(text => text || null)
  .nullable();
const json = storableJson(maxConfigJsonBytes).nullable();
const emails = z
  .array(z.email('This is not an e-mail address.').max(254).toLowerCase())
  .max(maxNotificationEmails, `Name at most ${maxNotificationEmails} addresses.`)
  .transform(list => [...new Set(list)]);
/** Only Slack's own addresses; anything else would have us call where the caller likes. */
const slackWebhook = z
  .string()
  .trim()
  .regex(
    /^https:\/\/hooks\.slack\.com\/services\/[A-Z0-9]{6,20}\/[A-Z0-9]{6,20}\/[A-Za-z0-9]{16,40}$/,
    'Use the address that Slack shows for an incoming webhook: https://hooks.slack.com/services/….',
  )
  .nullable();
const cronText = z
  .string()
  .trim()
  .max(120, 'Use at most 120 characters.')
  .superRefine((text, check) => {
    const message = cronProblem(text, minIntervalMinutes);
    if (message) check.addIssue({ code: 'custom', message });
  });
const zoneName = z.string().max(64).refine(isZone, 'This is not a time zone, such as Europe/Berlin.');
const tag = openLineInput(40).refine(text => text.length > 0, 'A tag has at least one character.');

/** Everything that a config says; what is left out of a change stays as it is. */
const fields = {
  name: configName,
  provider: z.enum(configProviders, { error: 'Choose a provider.' }),
  domain: z.enum(configDomains, { error: 'Choose what it is about.' }),
  pipeline_id: pipelineId,
  credential_id: credentialId.nullable(),
  source_project_id: place,
  source_dataset: place,
  source_table: place,
  notification_emails: emails,
  slack_webhook_url: slackWebhook,
  notification_enabled: z.boolean(),
  default_parameters: json,
  pipeline_template_overrides: json,
  schedule_enabled: z.boolean(),
  schedule_cron: cronText.nullable(),
  schedule_timezone: zoneName,
  retention_days: z
    .int('Give a whole number of days.')
    .min(1, 'Keep at least 1 day.')
    .max(3_650, 'Keep at most 3,650 days.'),
  tags: z
    .array(tag)
    .max(maxTags, `Use at most ${maxTags} tags.`)
    .transform(list => [...new Set(list)]),
  description: openLineInput(1_000)
    .transform(text => text || null)
    .nullable(),
};

const requestToken = z
  .string()
  .regex(/^[\x21-\x7e]{8,80}$/)
  .optional();

const needsCron = {
  path: ['schedule_cron'],
  message: 'Give the schedule, or switch it off.',
};

/** `pipeline_id` is `<provider>_<domain>` where it is left out. */
export const createConfigInput = z
  .strictObject({
    ...fields,
    pipeline_id: fields.pipeline_id.optional(),
    credential_id: fields.credential_id.default(null),
    source_project_id: fields.source_project_id.default(null),
    source_dataset: fields.source_dataset.default(null),
    source_table: fields.source_table.default(null),
    notification_emails: fields.notification_emails.default([]),
    slack_webhook_url: fields.slack_webhook_url.default(null),
    notification_enabled: fields.notification_enabled.default(true),
    default_parameters: fields.default_parameters.default(null),
    pipeline_template_overrides: fields.pipeline_template_overrides.default(null),
    schedule_enabled: fields.schedule_enabled.default(false),
    schedule_cron: fields.schedule_cron.default(null),
    schedule_timezone: fields.schedule_timezone.default('UTC'),
    retention_days: fields.retention_days.default(defaultRetentionDays),
    tags: fields.tags.default([]),
    description: fields.description.default(null),
    /** Whether it is switched on at once. */
    is_active: z.boolean().default(true),
    request_token: requestToken,
  })
  .refine(input => !input.schedule_enabled || input.schedule_cron !== null, needsCron);

/** `slack_webhook_url` left out keeps the stored one, null removes it. `version` refuses a change of what moved meanwhile. */
export const editConfigInput = z
  .strictObject({ config_id: configId, version: z.int().min(1).optional(), ...z.object(fields).partial().shape })
  .refine(input => !(input.schedule_enabled === true && input.schedule_cron === null), needsCron);

export const duplicateConfigInput = z.strictObject({
  config_id: configId,
  name: configName,
  request_token: requestToken,
});
export const enableConfigInput = z.strictObject({ config_id: configId });
export const disableConfigInput = z.strictObject({ config_id: configId });
export const deleteConfigInput = z.strictObject({ config_id: configId });
/** A run now, beside the schedule; the token makes a double click one run. */
export const runConfigInput = z.strictObject({ config_id: configId, request_token: requestToken });
export const testSlackInput = z.strictObject({ config_id: configId });

export const configStates = ['on', 'off', 'all'] as const;
export const configSorts = ['name', 'created', 'last_run', 'next_run'] as const;

/** Filters, order and page of the list; what the address bar holds. */
export const listConfigsInput = z.strictObject({
  q: lineInput(80).default(''),
  provider: z.enum(configProviders).optional(),
  domain: z.enum(configDomains).optional(),
  credential: credentialId.optional(),
  tag: lineInput(40).optional(),
  state: z.enum(configStates).default('all'),
  sort: z.enum(configSorts).default('created'),
  dir: z.enum(['asc', 'desc']).default('desc'),
  after: storableText(400).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});
export type ListConfigsInput = z.output<typeof listConfigsInput>;

/** The fields of a config's form as commands take them. */
import { separated, text } from '@/app/(portal)/_shell/form-values';
import { parseJsonText } from '@/lib/domains/providers/json-text';
import type { FormValues } from '@/lib/edge/portal/action';
import { AppError, type FieldError } from '@/lib/platform/errors';

const jsonFields = ['default_parameters', 'pipeline_template_overrides'] as const;

/** The JSON of both fields; AppError invalid_input with the line and column of what is wrong in each. */
function jsonOf(values: FormValues): Record<string, unknown> {
  const problems: FieldError[] = [];
  const parsed = jsonFields.map(path => {
    const source = text(values[path]);
    if (source.trim() === '') return [path, null];
    const read = parseJsonText(source);
    if (!read.ok) problems.push({ path, message: read.message });
    return [path, read.ok ? read.value : null];
  });
  const [first] = problems;
  if (first) throw new AppError('invalid_input', first.message, { fields: problems });
  return Object.fromEntries(parsed);
}

/** What is sent of the webhook: a new address, null to remove the stored one, nothing to keep it. */
function slackOf(values: FormValues): { slack_webhook_url?: string | null } {
  const address = text(values.slack_webhook_url).trim();
  if (address) return { slack_webhook_url: address };
  return text(values.slack_remove) === 'on' ? { slack_webhook_url: null } : {};
}

/** Everything that the form says of a config; what is wrong is for the command's input to say. */
export function configOf(values: FormValues): Record<string, unknown> {
  const pipelineId = text(values.pipeline_id).trim();
  const cron = text(values.schedule_cron).trim();
  return {
    name: text(values.name),
    provider: text(values.provider),
    domain: text(values.domain),
    ...(pipelineId ? { pipeline_id: pipelineId } : {}),
    credential_id: text(values.credential_id) || null,
    source_project_id: text(values.source_project_id),
    source_dataset: text(values.source_dataset),
    source_table: text(values.source_table),
    notification_emails: separated(values.notification_emails),
    notification_enabled: text(values.notification_enabled) === 'on',
    ...slackOf(values),
    ...jsonOf(values),
    schedule_enabled: text(values.schedule_enabled) === 'on',
    schedule_cron: cron || null,
    schedule_timezone: text(values.schedule_timezone).trim(),
    retention_days: Number(text(values.retention_days)),
    tags: separated(values.tags),
    description: text(values.description),
  };
}

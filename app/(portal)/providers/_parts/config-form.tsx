/** The form of a provider config, new or stored: its fields by provider. */
import { LinkButton } from '@/app/_ui/button';
import { CheckField, type Option, SelectField, TextArea, TextField } from '@/app/_ui/field';
import { Form } from '@/app/_ui/form';
import { SubmitButton } from '@/app/_ui/submit-button';
import { NotificationFields } from '@/app/(portal)/providers/_parts/notification-fields';
import { ScheduleFields } from '@/app/(portal)/providers/_parts/schedule-fields';
import { Section } from '@/app/(portal)/providers/_parts/section';
import {
  type ConfigProvider,
  configDomains,
  configDomainTitles,
  defaultPipelineId,
  defaultRetentionDays,
} from '@/lib/domains/providers/rules';
import type { ConfigView } from '@/lib/domains/providers/view';
import type { FormAction } from '@/lib/edge/portal/form-state';
import { newUuid } from '@/lib/platform/ids';

type SourceLabels = { project: string; dataset: string; table: string };
const sources: Record<ConfigProvider, SourceLabels> = {
  GCP: { project: 'Project', dataset: 'Dataset', table: 'Table' },
  AWS: { project: 'Account or bucket', dataset: 'Database or prefix', table: 'Table or report' },
  AZURE: { project: 'Subscription', dataset: 'Resource group', table: 'Export or table' },
  OPENAI: { project: 'Project', dataset: 'Dataset', table: 'Table' },
  ANTHROPIC: { project: 'Workspace', dataset: 'Dataset', table: 'Table' },
  MULTI_CLOUD: { project: 'Project', dataset: 'Dataset', table: 'Table' },
};

/** Labels of all fields, for the summary of what is wrong. */
const labelsOf = (provider: ConfigProvider): Record<string, string> => ({
  name: 'Name',
  domain: 'About',
  credential_id: 'Credential',
  pipeline_id: 'Pipeline',
  source_project_id: sources[provider].project,
  source_dataset: sources[provider].dataset,
  source_table: sources[provider].table,
  schedule_enabled: 'Runs by itself',
  schedule_cron: 'Schedule',
  schedule_timezone: 'Time zone',
  default_parameters: 'Parameters',
  pipeline_template_overrides: 'Template overrides',
  notification_enabled: 'Messages',
  notification_emails: 'E-mail addresses',
  slack_webhook_url: 'Slack webhook',
  tags: 'Tags',
  description: 'Description',
  retention_days: 'Keep for',
  is_active: 'State',
});

const jsonText = (value: object | null | undefined): string | undefined =>
  value ? JSON.stringify(value, null, 2) : undefined;

type Props = {
  action: FormAction;
  provider: ConfigProvider;
  customerId: string;
  credentials: readonly Option[];
  /** The stored config; left out for a new one. */
  config?: ConfigView;
  cancelHref: string;
};

export function ConfigForm({ action, provider, customerId, credentials, config, cancelHref }: Props) {
  const hidden: Record<string, string> = config
    ? { config_id: config.config_id, version: String(config.version), provider }
    : { provider };
  return (
    <Form
      action={action}
      customerId={customerId}
      idempotencyKey={newUuid()}
      hidden={hidden}
      labels={labelsOf(provider)}
      className="flex flex-col gap-6"
    >
      <Section title="What runs">
        <WhatFields provider={provider} credentials={credentials} config={config} />
      </Section>
      <Section title="Schedule">
        <ScheduleFields config={config} />
      </Section>
      <Section title="Source" note="Handed to the worker as they are.">
        <SourceFields provider={provider} config={config} />
      </Section>
      <Section title="Parameters" note="Given to each run. Secrets belong into a credential.">
        <JsonFields config={config} />
      </Section>
      <Section title="Messages" note="About runs that fail or did not run, beside the members who chose them.">
        <NotificationFields config={config} />
      </Section>
      <Section title="More">
        <MoreFields config={config} />
      </Section>
      <div className="flex flex-wrap gap-2">
        <SubmitButton pending="Saving…">{config ? 'Save changes' : 'Add provider'}</SubmitButton>
        <LinkButton href={cancelHref}>Cancel</LinkButton>
      </div>
    </Form>
  );
}

type FieldProps = { provider: ConfigProvider; config?: ConfigView };

function WhatFields({ provider, credentials, config }: FieldProps & { credentials: readonly Option[] }) {
  return (
    <>
      <TextField
        name="name"
        label="Name"
        defaultValue={config?.name}
        placeholder={`${provider.toLowerCase()} costs, production`}
        maxLength={80}
        required
        autoComplete="off"
      />
      <SelectField
        name="domain"
        label="About"
        options={configDomains.map(value => ({ value, label: configDomainTitles[value] }))}
        defaultValue={config?.domain}
      />
      <SelectField
        name="credential_id"
        label="Credential"
        options={[{ value: '', label: 'None' }, ...credentials]}
        defaultValue={config?.credential_id ?? credentials[0]?.value}
        help={
          credentials.length === 0
            ? 'No credential of this provider is stored. You can add one later and choose it here.'
            : undefined
        }
      />
      <TextField
        name="pipeline_id"
        label="Pipeline"
        optional
        defaultValue={config?.pipeline_id}
        placeholder={defaultPipelineId(provider, 'COST')}
        help="The id under which workers know it; left empty, provider and subject make it."
        maxLength={128}
        autoComplete="off"
        spellCheck={false}
      />
    </>
  );
}

function SourceFields({ provider, config }: FieldProps) {
  const { project, dataset, table } = sources[provider];
  const plain = { optional: true, maxLength: 1_024, autoComplete: 'off', spellCheck: false } as const;
  return (
    <>
      <TextField {...plain} name="source_project_id" label={project} defaultValue={config?.source_project_id ?? ''} />
      <TextField {...plain} name="source_dataset" label={dataset} defaultValue={config?.source_dataset ?? ''} />
      <TextField {...plain} name="source_table" label={table} defaultValue={config?.source_table ?? ''} />
    </>
  );
}

function JsonFields({ config }: { config?: ConfigView }) {
  const json = { optional: true, mono: true, rows: 6, spellCheck: false, autoComplete: 'off' } as const;
  return (
    <>
      <TextArea
        {...json}
        name="default_parameters"
        label="Parameters"
        defaultValue={jsonText(config?.default_parameters)}
        placeholder={'{\n  "region": "EU"\n}'}
        help="A JSON object."
      />
      <TextArea
        {...json}
        name="pipeline_template_overrides"
        label="Template overrides"
        defaultValue={jsonText(config?.pipeline_template_overrides)}
        help="A JSON object that changes steps of the pipeline’s template."
      />
    </>
  );
}

function MoreFields({ config }: { config?: ConfigView }) {
  return (
    <>
      <TextField
        name="tags"
        label="Tags"
        optional
        defaultValue={config?.tags.join(', ')}
        placeholder="production, finance"
        help="Separated by commas."
        autoComplete="off"
      />
      <TextField
        name="description"
        label="Description"
        optional
        defaultValue={config?.description ?? ''}
        maxLength={1_000}
        autoComplete="off"
      />
      <TextField
        name="retention_days"
        type="number"
        label="Keep for"
        help="Days that workers keep what its runs load."
        defaultValue={String(config?.retention_days ?? defaultRetentionDays)}
        min={1}
        max={3_650}
        required
      />
      {!config && <CheckField name="is_active" label="Turn it on at once" defaultChecked />}
    </>
  );
}

/** Agent log → Settings: what is masked before anything is kept, and for how long events are. */
import { Card } from '@/app/_ui/card';
import { CheckField } from '@/app/_ui/field';
import { Form } from '@/app/_ui/form';
import { Notice } from '@/app/_ui/notice';
import { PageHeader } from '@/app/_ui/page-header';
import { SubmitButton } from '@/app/_ui/submit-button';
import { PortalPage } from '@/app/(portal)/_shell/portal-page';
import { pageTitle } from '@/app/(portal)/_shell/visitor';
import { AgentLogTabs } from '@/app/(portal)/agent-log/_parts/agent-log-tabs';
import { keptSays } from '@/app/(portal)/agent-log/_parts/log-words';
import { ErasureCard } from '@/app/(portal)/agent-log/settings/_parts/erasure-card';
import { setMaskingAction } from '@/app/(portal)/agent-log/settings/actions';
import { type AgentSettingsView, readSettings } from '@/lib/domains/agent-log/settings/set-masking';
import { readAdmins } from '@/lib/domains/team/membership';
import { landing } from '@/lib/edge/portal/landing';
import { requireMember, visitorMay } from '@/lib/edge/portal/page';
import { requireCustomer } from '@/lib/kernel/ctx';

export const generateMetadata = () => pageTitle('Agent log settings');

const choices: readonly { name: keyof AgentSettingsView; label: string; help: string; on: string; off: string }[] = [
  {
    name: 'mask_secrets',
    label: 'Mask secrets',
    help: 'Keys, tokens and passwords in content, metadata and error messages.',
    on: 'Secrets are masked.',
    off: 'Secrets are kept as they are sent.',
  },
  {
    name: 'mask_emails',
    label: 'Mask e-mail addresses',
    help: 'In content, metadata and error messages. The user of an event stays as it is sent.',
    on: 'E-mail addresses are masked.',
    off: 'E-mail addresses are kept as they are sent.',
  },
  {
    name: 'keep_span_content',
    label: 'Keep content of OpenTelemetry spans',
    help: 'Messages, arguments and results, where the sender lets its spans carry them.',
    on: 'Content of OpenTelemetry spans is kept.',
    off: 'Content of OpenTelemetry spans is not kept.',
  },
];

export default async function SettingsPage() {
  const visitor = await requireMember();
  const ctx = requireCustomer(visitor.ctx);
  const mayManage = visitorMay(visitor, 'agent-log:manage');
  const { done } = await landing();
  const [settings, admins] = await Promise.all([readSettings(ctx, {}), mayManage ? [] : readAdmins(ctx.customerId)]);
  return (
    <PortalPage visitor={visitor} current="agents" crumbs={[{ label: 'Settings' }]}>
      <PageHeader
        title="Agent log settings"
        sentence="What is masked before anything is kept. IP addresses always lose their last part."
        viewOnly={mayManage ? undefined : { admins }}
      />
      <AgentLogTabs current="settings" />
      <div className="flex max-w-form flex-col gap-4">
        {done === 'set' && (
          <Notice tone="ok" closable>
            Saved. It holds for events that are sent from now on.
          </Notice>
        )}
        {done === 'erase' && (
          <Notice tone="ok" closable>
            The user is erased within minutes. The list below says when it is done.
          </Notice>
        )}
        <Card title="Masking">
          {mayManage ? (
            <Form action={setMaskingAction} customerId={ctx.customerId} labels={{}}>
              {choices.map(({ name, label, help }) => (
                <CheckField key={name} name={name} label={label} help={help} defaultChecked={settings[name]} />
              ))}
              <p className="text-muted">Events that are recorded already stay as they are.</p>
              <div>
                <SubmitButton pending="Saving…">Save</SubmitButton>
              </div>
            </Form>
          ) : (
            <ul className="list-disc space-y-1 pl-5">
              {choices.map(({ name, on, off }) => (
                <li key={name}>{settings[name] ? on : off}</li>
              ))}
            </ul>
          )}
        </Card>
        <ErasureCard visitor={visitor} />
        <Card title="Retention">
          <p className="text-muted">{keptSays}</p>
        </Card>
      </div>
    </PortalPage>
  );
}

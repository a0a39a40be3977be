/** One provider config as it is now: what runs, when, with what, how its last runs ended. */
import type { ReactNode } from 'react';
import { LinkButton } from '@/app/_ui/button';
import { Card } from '@/app/_ui/card';
import { Form } from '@/app/_ui/form';
import { formatCount, formatPlural } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import { hrefWith } from '@/app/_ui/list-params';
import { Menu } from '@/app/_ui/menu';
import { PageHeader } from '@/app/_ui/page-header';
import { SubmitButton } from '@/app/_ui/submit-button';
import { Time } from '@/app/_ui/time';
import { runsHref } from '@/app/(portal)/_runs/run-links';
import { ActorName } from '@/app/(portal)/_shell/actor-name';
import { pageTitle } from '@/app/(portal)/_shell/visitor';
import { configActions, LastRun } from '@/app/(portal)/providers/_parts/config-table';
import { CredentialCard } from '@/app/(portal)/providers/_parts/credential-card';
import { MessagesCard } from '@/app/(portal)/providers/_parts/messages-card';
import {
  type ConfigPageProps,
  configHref,
  configOr404,
  type FoundConfig,
  ProviderFrame,
} from '@/app/(portal)/providers/_parts/provider-page';
import { ScheduleCard } from '@/app/(portal)/providers/_parts/schedule-card';
import { SwitchForm } from '@/app/(portal)/providers/_parts/switch-form';
import { Told } from '@/app/(portal)/providers/_parts/told';
import { runConfigAction } from '@/app/(portal)/providers/actions';
import { Facts } from '@/app/(portal)/runs/_parts/facts';
import { JsonText } from '@/app/(portal)/runs/_parts/json-text';
import { configDomainTitles, configProviderTitles } from '@/lib/domains/providers/rules';
import { readAdmins } from '@/lib/domains/team/membership';
import { landing } from '@/lib/edge/portal/landing';
import { requireMember, type Visitor, visitorMay } from '@/lib/edge/portal/page';
import { newUuid } from '@/lib/platform/ids';

export const generateMetadata = () => pageTitle('Provider');

export default async function ProviderDetailPage({ params }: ConfigPageProps) {
  const visitor = await requireMember();
  const config = await configOr404(visitor, (await params).id);
  const { done } = await landing();
  const { customerId } = visitor.membership;
  const mayWrite = visitorMay(visitor, 'providers:write');
  const admins = mayWrite ? [] : await readAdmins(customerId);
  return (
    <ProviderFrame visitor={visitor} crumbs={[{ label: config.name }]}>
      <PageHeader
        title={config.name}
        sentence={`${configProviderTitles[config.provider]}, ${configDomainTitles[config.domain].toLowerCase()}`}
        viewOnly={mayWrite ? undefined : { admins }}
        actions={mayWrite && <Actions config={config} customerId={customerId} />}
      />
      <div className="flex flex-col gap-4">
        <Told done={done} config={config} customerId={customerId} mayWrite={mayWrite} from="config" />
        <Cards visitor={visitor} config={config} mayWrite={mayWrite} />
      </div>
    </ProviderFrame>
  );
}

function Actions({ config, customerId }: { config: FoundConfig; customerId: string }) {
  return (
    <>
      {config.is_active && (
        <Form
          action={runConfigAction}
          customerId={customerId}
          idempotencyKey={newUuid()}
          hidden={{ config_id: config.config_id }}
          className="flex flex-col gap-2"
        >
          <SubmitButton pending="Queueing…">Run now</SubmitButton>
        </Form>
      )}
      <LinkButton href={`${configHref(config.config_id)}/edit`} icon="pencil">
        Edit
      </LinkButton>
      <Menu name={`Actions for ${config.name}`} items={configActions(config)} />
    </>
  );
}

type CardsProps = { visitor: Visitor; config: FoundConfig; mayWrite: boolean };

function Cards({ visitor, config, mayWrite }: CardsProps) {
  const { customerId } = visitor.membership;
  const now = visitor.ctx.clock();
  const mode = 'absolute' as const;
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
      <div className="flex min-w-0 flex-col gap-4">
        <ScheduleCard config={config} now={now} />
        <Card
          title="Runs"
          actions={
            <Link className="link" href={runsHref({ config: config.config_id })}>
              All its runs
            </Link>
          }
        >
          <Facts
            facts={[
              ['Pipeline', <code key="pipeline">{config.pipeline_id}</code>],
              ['Last run', <LastRun key="last" config={config} now={now} mode={mode} />],
              ['Last success', <Time key="success" instant={config.last_success_at} now={now} mode={mode} />],
              ['Last failure', <Time key="failure" instant={config.last_failure_at} now={now} mode={mode} />],
              ['Failures in a row', formatCount(config.consecutive_failures)],
            ]}
          />
        </Card>
        <Card title="Parameters">
          <Json label="Parameters" value={config.default_parameters} none="Its runs get no parameters." />
          {config.pipeline_template_overrides && (
            <>
              <h3 className="font-medium">Template overrides</h3>
              <JsonText label="Template overrides" value={config.pipeline_template_overrides} />
            </>
          )}
        </Card>
      </div>
      <div className="flex min-w-0 flex-col gap-4">
        <Card title="State">
          <SwitchForm config={config} customerId={customerId} maySwitch={mayWrite} from="config" />
          <p className="text-muted">
            {config.is_active
              ? 'It counts as one of the plan’s providers.'
              : `Pipelines of ${configProviderTitles[config.provider]} do not run by it. Data stays.`}
          </p>
        </Card>
        <CredentialCard config={config} now={now} />
        <MessagesCard config={config} customerId={customerId} mayWrite={mayWrite} />
        <Card title="About">
          <Facts facts={aboutFacts(config, now, visitorMay(visitor, 'audit:read'))} />
        </Card>
      </div>
    </div>
  );
}

const Json = ({ label, value, none }: { label: string; value: object | null; none: string }) =>
  value ? <JsonText label={label} value={value} /> : <p className="text-muted">{none}</p>;

function aboutFacts(config: FoundConfig, now: Date, mayAudit: boolean): [string, ReactNode][] {
  const at = (instant: Date) => <Time instant={instant} now={now} mode="absolute" />;
  const source = [config.source_project_id, config.source_dataset, config.source_table].filter(Boolean).join(' · ');
  return [
    ['Description', config.description],
    ['Source', source || null],
    ['Kept for', formatPlural(config.retention_days, 'day')],
    ['Tags', config.tags.length > 0 ? <Tags key="tags" tags={config.tags} /> : null],
    [
      'Added',
      <>
        {at(config.created_at)} by <ActorName label={config.created_by} />
      </>,
    ],
    [
      'Changed',
      config.updated_by && (
        <>
          {at(config.updated_at)} by <ActorName label={config.updated_by} />
        </>
      ),
    ],
    ['Version', formatCount(config.version)],
    ['Id', <code key="id">{config.config_id}</code>],
    [
      'History',
      mayAudit && (
        <Link className="link" href={hrefWith('/audit', { target: 'provider_config' }, {})}>
          Changes in the audit log
        </Link>
      ),
    ],
  ];
}

const Tags = ({ tags }: { tags: readonly string[] }) => (
  <ul className="flex flex-wrap gap-2">
    {tags.map(tag => (
      <li key={tag}>
        <Link className="link-quiet" href={hrefWith('/providers', { tag }, {})}>
          {tag}
        </Link>
      </li>
    ))}
  </ul>
);

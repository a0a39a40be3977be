/** Adds a provider config: first the provider, then its form. */

import { formatCount } from '@/app/_ui/format';
import { Icon } from '@/app/_ui/icon';
import { Link } from '@/app/_ui/link';
import { PageHeader } from '@/app/_ui/page-header';
import { SideCard, WithSide } from '@/app/_ui/side-column';
import { RecentChanges } from '@/app/(portal)/_shell/recent-changes';
import { pageTitle } from '@/app/(portal)/_shell/visitor';
import { whoCan } from '@/app/(portal)/_shell/who-can';
import { allCredentials } from '@/app/(portal)/credentials/_parts/all-credentials';
import { ConfigForm } from '@/app/(portal)/providers/_parts/config-form';
import { credentialOptions } from '@/app/(portal)/providers/_parts/credential-options';
import { configWriter, ProviderFrame } from '@/app/(portal)/providers/_parts/provider-page';
import { UseMeter } from '@/app/(portal)/providers/_parts/use-meter';
import { createConfigAction } from '@/app/(portal)/providers/actions';
import { providerUse } from '@/lib/domains/providers/queries';
import {
  type ConfigProvider,
  configProviders,
  configProviderTitles,
  maxConfigs,
  minIntervalMinutes,
} from '@/lib/domains/providers/rules';
import { type Visitor, visitorMay } from '@/lib/edge/portal/page';

export const generateMetadata = () => pageTitle('Add provider');

const summaries: Record<ConfigProvider, string> = {
  GCP: 'Billing export, BigQuery, security findings.',
  AWS: 'Cost and usage reports, CloudTrail, Config.',
  AZURE: 'Cost exports, activity log, policy.',
  OPENAI: 'Use and cost of models by project.',
  ANTHROPIC: 'Use and cost of models by workspace.',
  MULTI_CLOUD: 'A pipeline that reads more than one of them.',
};

type Props = { searchParams: Promise<{ provider?: string | string[] }> };

export default async function NewProviderPage({ searchParams }: Props) {
  const writer = await configWriter('provider_config.create', 'add providers');
  if ('refused' in writer) return writer.refused;
  const asked = (await searchParams).provider;
  const provider = configProviders.find(known => known === asked);
  return (
    <ProviderFrame visitor={writer.visitor} crumbs={[{ label: 'Add' }]}>
      {provider ? <NewForm visitor={writer.visitor} provider={provider} /> : <Choice visitor={writer.visitor} />}
    </ProviderFrame>
  );
}

async function Choice({ visitor }: { visitor: Visitor }) {
  const use = await providerUse(visitor.ctx);
  return (
    <>
      <PageHeader title="Add provider" sentence="Where does the data come from?" />
      <div className="flex flex-col gap-4">
        <UseMeter use={use} mayChangePlan={visitorMay(visitor, 'billing:write')} />
        <ul className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
          {configProviders.map(provider => (
            <li key={provider}>
              <Link
                className="card card-link flex h-full flex-col gap-1 p-4"
                href={`/providers/new?provider=${provider}`}
              >
                <span className="flex items-center justify-between gap-2 font-semibold">
                  {configProviderTitles[provider]}
                  <Icon name="chevron-right" className="text-muted" />
                </span>
                <span className="text-muted">{summaries[provider]}</span>
              </Link>
            </li>
          ))}
        </ul>
      </div>
    </>
  );
}

async function NewForm({ visitor, provider }: { visitor: Visitor; provider: ConfigProvider }) {
  const credentials = await allCredentials(visitor.ctx);
  return (
    <>
      <PageHeader
        title={`Add ${configProviderTitles[provider]}`}
        sentence={
          <Link className="link" href="/providers/new">
            Choose another provider
          </Link>
        }
      />
      <WithSide
        side={
          <>
            <SideCard
              title="Providers"
              lines={[
                whoCan('providers:write', 'add and change providers'),
                `A schedule runs every ${minIntervalMinutes} minutes at most, by the clock of its zone.`,
                'Each start counts as a run of the plan.',
                'After 5 failures in a row it runs once an hour at most, after 10 once a day; the first success ends that.',
                `Up to ${formatCount(maxConfigs)} of them, on or off.`,
              ]}
            />
            <RecentChanges visitor={visitor} target="provider_config" />
          </>
        }
      >
        <ConfigForm
          action={createConfigAction}
          provider={provider}
          customerId={visitor.membership.customerId}
          credentials={credentialOptions(credentials, provider)}
          cancelHref="/providers"
        />
      </WithSide>
    </>
  );
}

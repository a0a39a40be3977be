/** Providers: what runs for the organization, with which credential and when; the plan says how many may be on. */
import { LinkButton } from '@/app/_ui/button';
import { FilterBar } from '@/app/_ui/filter-bar';
import { hrefWith } from '@/app/_ui/list-params';
import { Notice } from '@/app/_ui/notice';
import { PageHeader } from '@/app/_ui/page-header';
import { ErrorState } from '@/app/_ui/states';
import { FreshnessNote } from '@/app/(portal)/_charts/freshness-note';
import { type Search, searchFilter } from '@/app/(portal)/_shell/search-filter';
import { pageTitle, timeMode } from '@/app/(portal)/_shell/visitor';
import { configFields } from '@/app/(portal)/providers/_parts/config-fields';
import { ConfigTable, configOrder } from '@/app/(portal)/providers/_parts/config-table';
import { ProviderFrame } from '@/app/(portal)/providers/_parts/provider-page';
import { readProviders } from '@/app/(portal)/providers/_parts/read-providers';
import { Told } from '@/app/(portal)/providers/_parts/told';
import { UseMeter } from '@/app/(portal)/providers/_parts/use-meter';
import { listConfigsInput } from '@/lib/domains/providers/input';
import { readAdmins } from '@/lib/domains/team/membership';
import { landing } from '@/lib/edge/portal/landing';
import { requireMember, visitorMay } from '@/lib/edge/portal/page';

export const generateMetadata = () => pageTitle('Providers');

export default async function ProvidersPage({ searchParams }: { searchParams: Search }) {
  const visitor = await requireMember();
  const { customerId } = visitor.membership;
  const mayWrite = visitorMay(visitor, 'providers:write');
  const { params, filter, unknown } = await searchFilter(listConfigsInput, searchParams, { initial: configOrder });
  const told = await landing();
  const [{ page, use, credentials, changed }, admins] = await Promise.all([
    readProviders(visitor.ctx, filter, told.config),
    mayWrite ? [] : readAdmins(customerId),
  ]);
  const isFiltered = ['q', 'provider', 'domain', 'credential', 'tag', 'state'].some(name => params[name]);
  const look = { now: visitor.ctx.clock(), timeMode: timeMode(visitor), mayWrite, customerId, credentials };
  return (
    <ProviderFrame visitor={visitor}>
      <PageHeader
        title="Providers"
        sentence="Which pipelines run, with which credential and when."
        viewOnly={mayWrite ? undefined : { admins }}
        actions={
          mayWrite && (
            <LinkButton variant="primary" icon="plus" href="/providers/new">
              Add provider
            </LinkButton>
          )
        }
      />
      <div className="flex flex-col gap-4">
        {told.done === 'deleted' && (
          <Notice tone="ok" closable>
            The provider config was deleted. Its runs and their data stay.
          </Notice>
        )}
        {changed && <Told done={told.done} config={changed} customerId={customerId} mayWrite={mayWrite} from="list" />}
        {unknown && <Notice tone="warn">A filter in the address is not known. These are all providers.</Notice>}
        <UseMeter use={use} mayChangePlan={visitorMay(visitor, 'billing:write')} />
        {(isFiltered || !page.ok || page.data.configs.length > 0) && (
          <FilterBar path="/providers" params={params} fields={configFields} />
        )}
        {page.ok ? (
          <>
            <FreshnessNote cards={[page]} />
            <ConfigTable page={page.data} isFiltered={isFiltered} params={params} {...look} />
          </>
        ) : (
          <ErrorState
            title="Could not load providers."
            retryHref={hrefWith('/providers', params, {})}
            requestId={visitor.ctx.requestId}
          >
            {page.reason} Schedules go on.
          </ErrorState>
        )}
      </div>
    </ProviderFrame>
  );
}

/** Credentials: what opens the organization's clouds, whether it works, and what uses it. */
import { LinkButton } from '@/app/_ui/button';
import { FilterBar, type FilterField } from '@/app/_ui/filter-bar';
import { hrefWith } from '@/app/_ui/list-params';
import { Notice } from '@/app/_ui/notice';
import { PageHeader } from '@/app/_ui/page-header';
import { ErrorState } from '@/app/_ui/states';
import { FreshnessNote } from '@/app/(portal)/_charts/freshness-note';
import { type Search, searchFilter } from '@/app/(portal)/_shell/search-filter';
import { pageTitle, timeMode } from '@/app/(portal)/_shell/visitor';
import { CredentialFrame } from '@/app/(portal)/credentials/_parts/credential-page';
import { CredentialTable, credentialOrder } from '@/app/(portal)/credentials/_parts/credential-table';
import { type ListCredentialsInput, listCredentialsInput } from '@/lib/domains/credentials/input';
import { type CredentialPage, listCredentials } from '@/lib/domains/credentials/queries';
import { credentialProviders, providerTitles } from '@/lib/domains/credentials/rules';
import { readCredentialUse } from '@/lib/domains/providers/credential-use';
import { readAdmins } from '@/lib/domains/team/membership';
import { landing } from '@/lib/edge/portal/landing';
import { requireMember, visitorMay } from '@/lib/edge/portal/page';
import { type CardData, cardData } from '@/lib/edge/portal/page-card';
import type { Ctx } from '@/lib/kernel/ctx';
import { AppError } from '@/lib/platform/errors';

export const generateMetadata = () => pageTitle('Credentials');

const fields: FilterField[] = [
  { type: 'search', name: 'q', label: 'Search', placeholder: 'Name or key id' },
  {
    type: 'select',
    name: 'provider',
    label: 'Provider',
    options: [
      { value: '', label: 'All' },
      ...credentialProviders.map(value => ({ value, label: providerTitles[value] })),
    ],
  },
  {
    type: 'select',
    name: 'health',
    label: 'Health',
    options: [
      { value: '', label: 'All' },
      { value: 'healthy', label: 'Healthy' },
      { value: 'failing', label: 'Failing' },
      { value: 'expires_soon', label: 'Expires soon' },
      { value: 'expired', label: 'Expired' },
      { value: 'untested', label: 'Never tested' },
    ],
  },
];

/** One page of the list. A wrong cursor starts over; what cannot be loaded becomes a card. */
async function readPage(ctx: Ctx, filter: ListCredentialsInput): Promise<CardData<CredentialPage>> {
  try {
    return await cardData(ctx.requestId, listCredentials(ctx, filter));
  } catch (error) {
    if (error instanceof AppError && error.code === 'invalid_cursor')
      return readPage(ctx, { ...filter, after: undefined });
    throw error;
  }
}

export default async function CredentialsPage({ searchParams }: { searchParams: Search }) {
  const visitor = await requireMember();
  const mayWrite = visitorMay(visitor, 'credentials:write');
  const { params, filter, unknown } = await searchFilter(listCredentialsInput, searchParams, {
    initial: credentialOrder,
  });
  const [read, use, admins] = await Promise.all([
    readPage(visitor.ctx, filter),
    readCredentialUse(visitor.ctx),
    mayWrite ? [] : readAdmins(visitor.membership.customerId),
  ]);
  const isFiltered = Boolean(params.q || params.provider || params.health);
  const look = { now: visitor.ctx.clock(), timeMode: timeMode(visitor), mayWrite, use };
  return (
    <CredentialFrame visitor={visitor}>
      <PageHeader
        title="Credentials"
        sentence="What pipelines sign in with at your cloud and model providers. Secrets are sealed and never shown again."
        viewOnly={mayWrite ? undefined : { admins }}
        actions={
          mayWrite && (
            <LinkButton variant="primary" icon="plus" href="/credentials/new">
              Add credential
            </LinkButton>
          )
        }
      />
      <div className="flex flex-col gap-4">
        {(await landing()).done === 'deleted' && (
          <Notice tone="ok" closable>
            The credential was deleted; its secret is wiped.
          </Notice>
        )}
        {unknown && <Notice tone="warn">A filter in the address is not known. These are all credentials.</Notice>}
        {(isFiltered || !read.ok || read.data.credentials.length > 0) && (
          <FilterBar path="/credentials" params={params} fields={fields} />
        )}
        {read.ok ? (
          <>
            <FreshnessNote cards={[read]} />
            <CredentialTable page={read.data} isFiltered={isFiltered} params={params} {...look} />
          </>
        ) : (
          <ErrorState
            title="Could not load credentials."
            retryHref={hrefWith('/credentials', params, {})}
            requestId={visitor.ctx.requestId}
          >
            {read.reason} Workers go on fetching them.
          </ErrorState>
        )}
      </div>
    </CredentialFrame>
  );
}

/** AI usage → Sessions → By developer: requests, tokens and cost of each developer in a range of days and a repository. */
import { type Column, DataTable } from '@/app/_ui/data-table';
import { FilterBar } from '@/app/_ui/filter-bar';
import { formatCount, formatDollars } from '@/app/_ui/format';
import { CsvLink, Link } from '@/app/_ui/link';
import { hrefWith, type ListParams } from '@/app/_ui/list-params';
import { Notice } from '@/app/_ui/notice';
import { PageHeader } from '@/app/_ui/page-header';
import { FreshnessNote } from '@/app/(portal)/_charts/freshness-note';
import { ListError } from '@/app/(portal)/_shell/list-error';
import { PortalPage } from '@/app/(portal)/_shell/portal-page';
import { type Search, searchFilter } from '@/app/(portal)/_shell/search-filter';
import { pageTitle } from '@/app/(portal)/_shell/visitor';
import { documentPriceSays, filterName, nameWords } from '@/app/(portal)/traces/_parts/cost-words';
import { KeptSince, onlySums } from '@/app/(portal)/traces/_parts/kept-since';
import { NoMatch } from '@/app/(portal)/traces/_parts/no-match';
import { SessionLists } from '@/app/(portal)/traces/_parts/session-lists';
import { TracesTabs } from '@/app/(portal)/traces/_parts/traces-tabs';
import { dayFields, nameFields } from '@/app/(portal)/traces/_parts/usage-fields';
import { type DeveloperSessions, developersInput, listDevelopers } from '@/lib/domains/traces/sessions/document-lists';
import { listUsageNames } from '@/lib/domains/traces/usage/usage';
import { usageDays } from '@/lib/domains/traces/usage/usage-filter';
import { requireMember } from '@/lib/edge/portal/page';
import { cardData } from '@/lib/edge/portal/page-card';

export const generateMetadata = () => pageTitle('AI usage by developer');

const path = '/traces/sessions/developers';

const columns = (params: ListParams): Column<DeveloperSessions>[] => [
  {
    id: 'developer',
    head: 'Developer',
    priority: 'name',
    cell: ({ developer_id }) => (
      <Link
        className="link wrap-anywhere"
        href={hrefWith('/traces/sessions', params, { developer: filterName(developer_id) })}
      >
        {nameWords('developer', developer_id)}
      </Link>
    ),
  },
  {
    id: 'cost',
    head: 'Document price',
    align: 'end',
    priority: 'second',
    cell: ({ total_cost }) => formatDollars(total_cost),
  },
  { id: 'requests', head: 'Requests', align: 'end', cell: ({ session_count }) => formatCount(session_count) },
  { id: 'tokens', head: 'Tokens', align: 'end', cell: ({ total_tokens }) => formatCount(total_tokens) },
];

export default async function DevelopersPage({ searchParams }: { searchParams: Search }) {
  const visitor = await requireMember();
  const { ctx } = visitor;
  const { params, filter, unknown } = await searchFilter(developersInput, searchParams);
  const [read, names] = await Promise.all([
    cardData(ctx.requestId, listDevelopers(ctx, filter)),
    cardData(ctx.requestId, listUsageNames(ctx, usageDays(ctx, filter))),
  ]);
  return (
    <PortalPage
      visitor={visitor}
      current="traces"
      crumbs={[{ label: 'Sessions', href: '/traces/sessions' }, { label: 'By developer' }]}
    >
      <PageHeader
        title="By developer"
        sentence="Requests, tokens and cost of each developer, highest cost first. Days are UTC."
        actions={<CsvLink href={hrefWith('/api/traces/developers', { ...params, format: 'csv' }, {})} />}
      />
      <TracesTabs current="sessions" />
      <SessionLists current="developers" />
      <div className="flex flex-col gap-4">
        {unknown && <Notice tone="warn">A filter in the address is not known. These are the last 30 days.</Notice>}
        <FilterBar
          path={path}
          params={params}
          fields={[...nameFields(['repository'], names.ok ? names.data.rows : [], params), ...dayFields]}
          keep={[]}
        />
        <KeptSince visitor={visitor} days={usageDays(ctx, filter)}>
          {onlySums}
        </KeptSince>
        {read.ok ? (
          <>
            <FreshnessNote cards={[read]} />
            <DataTable
              caption="Developers"
              columns={columns(params)}
              rows={read.data.rows}
              rowKey={({ developer_id }) => filterName(developer_id)}
              empty={<NoMatch noun="requests" path={path} isFiltered={Object.values(params).some(Boolean)} />}
            />
            <p className="max-w-prose text-table text-muted">{documentPriceSays}</p>
          </>
        ) : (
          <ListError noun="developers" path={path} params={params} requestId={ctx.requestId} reason={read.reason} />
        )}
      </div>
    </PortalPage>
  );
}

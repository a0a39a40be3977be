/** Pull requests → By the document's query: the ten merged ones whose authors' sessions cost most, as the data model asks it. */
import { type Column, DataTable } from '@/app/_ui/data-table';
import { FilterBar } from '@/app/_ui/filter-bar';
import { formatCount, formatDollars } from '@/app/_ui/format';
import { CsvLink, Link } from '@/app/_ui/link';
import { hrefWith } from '@/app/_ui/list-params';
import { Notice } from '@/app/_ui/notice';
import { PageHeader } from '@/app/_ui/page-header';
import { FreshnessNote } from '@/app/(portal)/_charts/freshness-note';
import { ListError } from '@/app/(portal)/_shell/list-error';
import { PortalPage } from '@/app/(portal)/_shell/portal-page';
import { type Search, searchFilter } from '@/app/(portal)/_shell/search-filter';
import { pageTitle } from '@/app/(portal)/_shell/visitor';
import { NoPulls } from '@/app/(portal)/pull-requests/_parts/no-pulls';
import { PullLists } from '@/app/(portal)/pull-requests/_parts/pull-lists';
import { PullRequestsTabs } from '@/app/(portal)/pull-requests/_parts/pull-requests-tabs';
import { authorWords, notCause, pullHref, pullsHref } from '@/app/(portal)/pull-requests/_parts/pull-words';
import { documentPriceSays } from '@/app/(portal)/traces/_parts/cost-words';
import { dayFields } from '@/app/(portal)/traces/_parts/usage-fields';
import { type CorrelatedPull, correlateInput, correlateUsage } from '@/lib/domains/pull-requests/usage/correlate-usage';
import { listPullNames } from '@/lib/domains/pull-requests/usage/list-names';
import { requireMember, visitorMay } from '@/lib/edge/portal/page';
import { cardData } from '@/lib/edge/portal/page-card';
import { requireCustomer } from '@/lib/kernel/ctx';

export const generateMetadata = () => pageTitle('Pull requests by the document’s query');

const path = `${pullsHref}/document`;

const columns: Column<CorrelatedPull>[] = [
  {
    id: 'pull',
    head: 'Pull request',
    priority: 'name',
    cell: pull => (
      <>
        <Link className="link wrap-anywhere" href={pullHref(pull.id)}>
          {pull.title || 'No title'}
        </Link>
        <span className="block text-meta font-normal text-muted">
          {pull.repo_slug} #{pull.number}
        </span>
      </>
    ),
  },
  {
    id: 'cost',
    head: 'Document price',
    align: 'end',
    priority: 'second',
    cell: ({ cost }) => (cost === null ? <span className="text-muted">–</span> : formatDollars(cost)),
  },
  { id: 'author', head: 'Author', cell: ({ author }) => authorWords(author) },
  { id: 'sessions', head: 'Sessions', align: 'end', cell: ({ ai_sessions }) => formatCount(ai_sessions) },
  { id: 'tokens', head: 'Tokens', align: 'end', cell: ({ tokens_used }) => formatCount(tokens_used) },
];

export default async function DocumentQueryPage({ searchParams }: { searchParams: Search }) {
  const visitor = await requireMember();
  const ctx = requireCustomer(visitor.ctx);
  const { params, filter, unknown } = await searchFilter(correlateInput, searchParams);
  const [read, names] = await Promise.all([
    cardData(ctx.requestId, correlateUsage(ctx, filter)),
    listPullNames(ctx, {}),
  ]);
  return (
    <PortalPage visitor={visitor} current="pulls" crumbs={[{ label: 'By the document’s query' }]}>
      <PageHeader
        title="By the document’s query"
        sentence={`The ten pull requests merged in these days whose authors’ sessions cost most. A session counts where its developer is named exactly as the author is, in whatever repository. ${notCause}`}
        actions={<CsvLink href={hrefWith('/api/pull-requests/correlation', { ...params, format: 'csv' }, {})} />}
      />
      <PullRequestsTabs current="list" />
      <PullLists current="document" />
      <div className="flex flex-col gap-4">
        {unknown && <Notice tone="warn">A filter in the address is not known. These are the last 30 days.</Notice>}
        <FilterBar path={path} params={params} fields={dayFields} keep={[]} />
        {read.ok ? (
          <>
            <FreshnessNote cards={[read]} />
            <DataTable
              caption="Pull requests"
              columns={columns}
              rows={read.data.rows}
              rowKey={({ id }) => String(id)}
              empty={
                <NoPulls
                  isFiltered={Object.values(params).some(Boolean)}
                  hasRepository={names.repositories.length > 0}
                  mayConnect={visitorMay(visitor, 'pull-requests:write')}
                />
              }
            />
            <p className="max-w-prose text-table text-muted">{documentPriceSays}</p>
          </>
        ) : (
          <ListError noun="pull requests" path={path} params={params} requestId={ctx.requestId} reason={read.reason} />
        )}
      </div>
    </PortalPage>
  );
}

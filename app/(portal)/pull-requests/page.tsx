/** Pull requests: what AI cost on each, filtered and paged by the address. */
import { FilterBar } from '@/app/_ui/filter-bar';
import { CsvLink } from '@/app/_ui/link';
import { hrefWith } from '@/app/_ui/list-params';
import { Notice } from '@/app/_ui/notice';
import { PageHeader } from '@/app/_ui/page-header';
import { Pager } from '@/app/_ui/pager';
import { FreshnessNote } from '@/app/(portal)/_charts/freshness-note';
import { ListError } from '@/app/(portal)/_shell/list-error';
import { PortalPage } from '@/app/(portal)/_shell/portal-page';
import { type Search, searchFilter } from '@/app/(portal)/_shell/search-filter';
import { pageTitle, timeMode } from '@/app/(portal)/_shell/visitor';
import { NoPulls } from '@/app/(portal)/pull-requests/_parts/no-pulls';
import { pullFields } from '@/app/(portal)/pull-requests/_parts/pull-fields';
import { PullFigures } from '@/app/(portal)/pull-requests/_parts/pull-figures';
import { PullLists } from '@/app/(portal)/pull-requests/_parts/pull-lists';
import { PullRequestsTabs } from '@/app/(portal)/pull-requests/_parts/pull-requests-tabs';
import { PullTable } from '@/app/(portal)/pull-requests/_parts/pull-table';
import { notCause, pullsHref } from '@/app/(portal)/pull-requests/_parts/pull-words';
import { bookPriceSays, documentPriceSays } from '@/app/(portal)/traces/_parts/cost-words';
import { cardFromStart } from '@/app/(portal)/traces/_parts/from-start';
import { listPullNames } from '@/lib/domains/pull-requests/usage/list-names';
import {
  countCost,
  listPullRequests,
  listPullRequestsInput,
} from '@/lib/domains/pull-requests/usage/list-pull-requests';
import { requireMember, visitorMay } from '@/lib/edge/portal/page';
import { cardData } from '@/lib/edge/portal/page-card';
import { requireCustomer } from '@/lib/kernel/ctx';

export const generateMetadata = () => pageTitle('Pull requests');

export default async function PullRequestsPage({ searchParams }: { searchParams: Search }) {
  const visitor = await requireMember();
  const ctx = requireCustomer(visitor.ctx);
  const { params, filter, unknown } = await searchFilter(listPullRequestsInput, searchParams);
  const { sort: _sort, after: _after, limit: _limit, ...counted } = filter;
  const [read, total, names] = await Promise.all([
    cardFromStart(ctx.requestId, filter, asked => listPullRequests(ctx, asked)),
    cardData(ctx.requestId, countCost(ctx, counted)),
    listPullNames(ctx, {}),
  ]);
  const isFiltered = Object.entries(params).some(([name, value]) => name !== 'sort' && Boolean(value));
  const empty = (
    <NoPulls
      isFiltered={isFiltered}
      hasRepository={names.repositories.length > 0}
      mayConnect={visitorMay(visitor, 'pull-requests:write')}
    />
  );
  const csvHref = hrefWith('/api/pull-requests', { ...params, format: 'csv' }, { after: undefined });
  return (
    <PortalPage visitor={visitor} current="pulls">
      <PageHeader
        title="Pull requests"
        sentence={`What AI cost on pull requests that were merged, closed or, while open, last changed in these days (UTC). ${notCause}`}
        actions={<CsvLink href={csvHref} />}
      />
      <PullRequestsTabs current="list" />
      <PullLists current="all" />
      <div className="flex flex-col gap-4">
        {unknown && <Notice tone="warn">A filter in the address is not known. These are the last 30 days.</Notice>}
        <FilterBar path={pullsHref} params={params} fields={pullFields(names, params)} keep={['limit']} />
        {total.ok && total.data.cost.pulls > 0 && <PullFigures cost={total.data.cost} />}
        {read.ok ? (
          <>
            <FreshnessNote cards={[read, total]} />
            <PullTable
              pulls={read.data.pulls}
              now={ctx.clock()}
              mode={timeMode(visitor)}
              empty={empty}
              footer={
                <Pager
                  path={pullsHref}
                  params={params}
                  shown={read.data.pulls.length}
                  nextCursor={read.data.nextCursor ?? undefined}
                  sized
                />
              }
            />
            <p className="max-w-prose text-table text-muted">
              {bookPriceSays} {documentPriceSays}
            </p>
          </>
        ) : (
          <ListError
            noun="pull requests"
            path={pullsHref}
            params={params}
            requestId={ctx.requestId}
            reason={read.reason}
          />
        )}
      </div>
    </PortalPage>
  );
}

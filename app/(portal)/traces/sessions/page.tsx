/** AI usage → Sessions: the last active first, filtered and paged by the address. */
import { FilterBar, type FilterField } from '@/app/_ui/filter-bar';
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
import { cardFromStart } from '@/app/(portal)/traces/_parts/from-start';
import { KeptSince, onlySums } from '@/app/(portal)/traces/_parts/kept-since';
import { NoMatch } from '@/app/(portal)/traces/_parts/no-match';
import { SessionLists } from '@/app/(portal)/traces/_parts/session-lists';
import { SessionTable } from '@/app/(portal)/traces/_parts/session-table';
import { TracesTabs } from '@/app/(portal)/traces/_parts/traces-tabs';
import { dayFields, nameFields } from '@/app/(portal)/traces/_parts/usage-fields';
import { listSessions, listSessionsInput } from '@/lib/domains/traces/sessions/list-sessions';
import { breakdowns, listUsageNames } from '@/lib/domains/traces/usage/usage';
import { usageDays } from '@/lib/domains/traces/usage/usage-filter';
import { requireMember } from '@/lib/edge/portal/page';
import { cardData } from '@/lib/edge/portal/page-card';

export const generateMetadata = () => pageTitle('AI sessions');

const path = '/traces/sessions';
const search: FilterField = { type: 'search', name: 'q', label: 'Search', placeholder: 'Session, trace or hash' };

export default async function SessionsPage({ searchParams }: { searchParams: Search }) {
  const visitor = await requireMember();
  const { ctx } = visitor;
  const { params, filter, unknown } = await searchFilter(listSessionsInput, searchParams);
  const [read, names] = await Promise.all([
    cardFromStart(ctx.requestId, filter, asked => listSessions(ctx, asked)),
    cardData(ctx.requestId, listUsageNames(ctx, usageDays(ctx, filter))),
  ]);
  const csvHref = hrefWith('/api/traces/sessions', { ...params, format: 'csv' }, { after: undefined });
  const isFiltered = Object.values(params).some(Boolean);
  return (
    <PortalPage visitor={visitor} current="traces" crumbs={[{ label: 'Sessions' }]}>
      <PageHeader
        title="Sessions"
        sentence="Sessions with AI models, the last active first. With filters, figures are of the requests that match."
        actions={<CsvLink href={csvHref} />}
      />
      <TracesTabs current="sessions" />
      <SessionLists current="all" />
      <div className="flex flex-col gap-4">
        {unknown && <Notice tone="warn">A filter in the address is not known. These are all sessions.</Notice>}
        <FilterBar
          path={path}
          params={params}
          fields={[search, ...nameFields(breakdowns, names.ok ? names.data.rows : [], params), ...dayFields]}
          keep={['limit']}
        />
        <KeptSince visitor={visitor} days={usageDays(ctx, filter)}>
          {onlySums}
        </KeptSince>
        {read.ok ? (
          <>
            <FreshnessNote cards={[read]} />
            <SessionTable
              sessions={read.data.sessions}
              now={ctx.clock()}
              mode={timeMode(visitor)}
              empty={<NoMatch noun="sessions" path={path} isFiltered={isFiltered} />}
              footer={
                <Pager
                  path={path}
                  params={params}
                  shown={read.data.sessions.length}
                  nextCursor={read.data.nextCursor ?? undefined}
                  sized
                />
              }
            />
          </>
        ) : (
          <ListError noun="sessions" path={path} params={params} requestId={ctx.requestId} reason={read.reason} />
        )}
      </div>
    </PortalPage>
  );
}

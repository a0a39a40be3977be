/** Agent log → Sessions: the last active first, filtered and paged by the address. */
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
import { AgentLogTabs } from '@/app/(portal)/agent-log/_parts/agent-log-tabs';
import { dayFields, toolField } from '@/app/(portal)/agent-log/_parts/log-fields';
import { keptSays } from '@/app/(portal)/agent-log/_parts/log-words';
import { NoMatch } from '@/app/(portal)/agent-log/_parts/no-match';
import { SessionTable } from '@/app/(portal)/agent-log/_parts/session-table';
import { cardFromStart } from '@/app/(portal)/traces/_parts/from-start';
import { listSessions, listSessionsInput } from '@/lib/domains/agent-log/sessions/list-sessions';
import { listToolNames } from '@/lib/domains/agent-log/tools/tools';
import { requireMember } from '@/lib/edge/portal/page';
import { cardData } from '@/lib/edge/portal/page-card';

export const generateMetadata = () => pageTitle('Agent sessions');

const path = '/agent-log/sessions';
const search: FilterField = { type: 'search', name: 'q', label: 'Search', placeholder: 'Session or user' };
const failed: FilterField = {
  type: 'select',
  name: 'errors',
  label: 'Failures',
  options: [
    { value: '', label: 'All sessions' },
    { value: '1', label: 'With failures' },
  ],
};
const kept: readonly FilterField[] = [
  { type: 'kept', name: 'user', label: 'User' },
  { type: 'kept', name: 'snapshot', label: 'Snapshot' },
];

export default async function SessionsPage({ searchParams }: { searchParams: Search }) {
  const visitor = await requireMember();
  const { ctx } = visitor;
  const { params, filter, unknown } = await searchFilter(listSessionsInput, searchParams);
  const [read, names] = await Promise.all([
    cardFromStart(ctx.requestId, filter, asked => listSessions(ctx, asked)),
    cardData(ctx.requestId, listToolNames(ctx, filter)),
  ]);
  const csvHref = hrefWith('/api/agent-log/sessions', { ...params, format: 'csv' }, { after: undefined });
  return (
    <PortalPage visitor={visitor} current="agents" crumbs={[{ label: 'Sessions' }]}>
      <PageHeader
        title="Sessions"
        sentence="Sessions of agents, the last active first. A filter picks sessions; figures are of all their events in these days."
        actions={<CsvLink href={csvHref} />}
      />
      <AgentLogTabs current="sessions" />
      <div className="flex flex-col gap-4">
        {unknown && <Notice tone="warn">A filter in the address is not known. These are all sessions.</Notice>}
        <FilterBar
          path={path}
          params={params}
          fields={[search, toolField(names.ok ? names.data : [], params.tool), failed, ...dayFields, ...kept]}
          keep={['limit']}
        />
        {read.ok ? (
          <>
            <FreshnessNote cards={[read]} />
            <SessionTable
              sessions={read.data.sessions}
              now={ctx.clock()}
              mode={timeMode(visitor)}
              empty={<NoMatch noun="sessions" path={path} isFiltered={Object.values(params).some(Boolean)} />}
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
        <p className="max-w-prose text-table text-muted">{keptSays}</p>
      </div>
    </PortalPage>
  );
}

/** Agent log → Snapshots: states of repositories that were indexed for agents, and who worked on them. */
import { FilterBar, type FilterField } from '@/app/_ui/filter-bar';
import { CsvLink } from '@/app/_ui/link';
import { hrefWith } from '@/app/_ui/list-params';
import { Notice } from '@/app/_ui/notice';
import { PageHeader } from '@/app/_ui/page-header';
import { Pager } from '@/app/_ui/pager';
import { EmptyState } from '@/app/_ui/states';
import { FreshnessNote } from '@/app/(portal)/_charts/freshness-note';
import { ListError } from '@/app/(portal)/_shell/list-error';
import { PortalPage } from '@/app/(portal)/_shell/portal-page';
import { type Search, searchFilter } from '@/app/(portal)/_shell/search-filter';
import { pageTitle, timeMode } from '@/app/(portal)/_shell/visitor';
import { AgentLogTabs } from '@/app/(portal)/agent-log/_parts/agent-log-tabs';
import { dayFields } from '@/app/(portal)/agent-log/_parts/log-fields';
import { NoMatch } from '@/app/(portal)/agent-log/_parts/no-match';
import { SnapshotTable } from '@/app/(portal)/agent-log/_parts/snapshot-table';
import { cardFromStart } from '@/app/(portal)/traces/_parts/from-start';
import { listSnapshots, listSnapshotsInput } from '@/lib/domains/agent-log/snapshots/snapshots';
import { requireMember } from '@/lib/edge/portal/page';

export const generateMetadata = () => pageTitle('Agent snapshots');

const path = '/agent-log/snapshots';
const search: FilterField = { type: 'search', name: 'q', label: 'Search', placeholder: 'Repository or commit' };

const noneYet = (
  <EmptyState icon="git-commit-horizontal" title="No snapshots yet.">
    Report each state of a repository that you index for agents to POST /v1/agent/snapshots. Events whose metadata names
    its repo_url and commit_hash count as its use.
  </EmptyState>
);

export default async function SnapshotsPage({ searchParams }: { searchParams: Search }) {
  const visitor = await requireMember();
  const { ctx } = visitor;
  const { params, filter, unknown } = await searchFilter(listSnapshotsInput, searchParams);
  const read = await cardFromStart(ctx.requestId, filter, asked => listSnapshots(ctx, asked));
  const csvHref = hrefWith('/api/agent-log/snapshots', { ...params, format: 'csv' }, { after: undefined });
  return (
    <PortalPage visitor={visitor} current="agents" crumbs={[{ label: 'Snapshots' }]}>
      <PageHeader
        title="Snapshots"
        sentence="States of repositories that were indexed for agents, the newest first. All are listed; the days narrow the use that is counted."
        actions={<CsvLink href={csvHref} />}
      />
      <AgentLogTabs current="snapshots" />
      <div className="flex flex-col gap-4">
        {unknown && <Notice tone="warn">A filter in the address is not known. These are all snapshots.</Notice>}
        <FilterBar path={path} params={params} fields={[search, ...dayFields]} keep={['limit']} />
        {read.ok ? (
          <>
            <FreshnessNote cards={[read]} />
            <SnapshotTable
              snapshots={read.data.snapshots}
              params={params}
              now={ctx.clock()}
              mode={timeMode(visitor)}
              empty={params.q ? <NoMatch noun="snapshots" path={path} isFiltered /> : noneYet}
              footer={
                <Pager
                  path={path}
                  params={params}
                  shown={read.data.snapshots.length}
                  nextCursor={read.data.nextCursor ?? undefined}
                  sized
                />
              }
            />
          </>
        ) : (
          <ListError noun="snapshots" path={path} params={params} requestId={ctx.requestId} reason={read.reason} />
        )}
      </div>
    </PortalPage>
  );
}

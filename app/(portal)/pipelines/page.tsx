/** Pipelines: how each one's runs of the last 30 days ended, how long they take, and what broke or is slow. */
import { FilterBar, type FilterField } from '@/app/_ui/filter-bar';
import { Notice } from '@/app/_ui/notice';
import { PageHeader } from '@/app/_ui/page-header';
import { FreshnessNote } from '@/app/(portal)/_charts/freshness-note';
import { NoRuns } from '@/app/(portal)/_runs/no-runs';
import { SectionTabs } from '@/app/(portal)/_runs/section-tabs';
import { ListError } from '@/app/(portal)/_shell/list-error';
import { PortalPage } from '@/app/(portal)/_shell/portal-page';
import { type Search, searchFilter } from '@/app/(portal)/_shell/search-filter';
import { pageTitle, timeMode } from '@/app/(portal)/_shell/visitor';
import { FailedRuns } from '@/app/(portal)/pipelines/_parts/failed-runs';
import { PipelineTable, pipelinesAPage } from '@/app/(portal)/pipelines/_parts/pipeline-table';
import { SlowestSteps } from '@/app/(portal)/pipelines/_parts/slowest-steps';
import { readNextRuns } from '@/lib/domains/providers/next-runs';
import { listPipelinesInput, orderedPipelines } from '@/lib/domains/runs/reads/pipeline-order';
import { maxPipelines, type Pipeline, readPipelines } from '@/lib/domains/runs/reads/pipelines';
import { listFailedRuns, listLongestSteps } from '@/lib/domains/runs/reads/queries';
import { requireMember } from '@/lib/edge/portal/page';
import { type CardData, cardData } from '@/lib/edge/portal/page-card';
import { utcDay } from '@/lib/platform/clock';

export const generateMetadata = () => pageTitle('Pipelines');

const fields: readonly FilterField[] = [{ type: 'search', name: 'q', label: 'Search', placeholder: 'Pipeline' }];
/** Failed runs of the last 7 days; null where they could not be counted. */
const failedOf = (read: CardData<{ pipelines: Pipeline[] }>): number | null =>
  read.ok ? read.data.pipelines.reduce((sum, { failed7Days }) => sum + failed7Days, 0) : null;

export default async function PipelinesPage({ searchParams }: { searchParams: Search }) {
  const visitor = await requireMember();
  const { ctx } = visitor;
  const { params, filter, unknown } = await searchFilter(listPipelinesInput, searchParams);
  const [read, steps, failed, nextRuns] = await Promise.all([
    cardData(ctx.requestId, readPipelines(ctx)),
    cardData(ctx.requestId, listLongestSteps(ctx, {})),
    cardData(ctx.requestId, listFailedRuns(ctx, {})),
    readNextRuns(ctx),
  ]);
  const look = { now: ctx.clock(), today: utcDay(ctx.clock()), mode: timeMode(visitor) };
  const found = read.ok ? orderedPipelines(read.data.pipelines, filter) : [];
  return (
    <PortalPage visitor={visitor} current="pipelines">
      <PageHeader
        title="Pipelines"
        sentence="Runs of the last 30 days (UTC). Half of the succeeded runs of a pipeline took at most p50, 95 of 100 at most p95."
      />
      <SectionTabs current="pipelines" />
      {read.ok && read.data.pipelines.length === 0 ? (
        <NoRuns visitor={visitor} />
      ) : (
        <div className="flex flex-col gap-4">
          {unknown && <Notice tone="warn">The address was not understood. These are all pipelines.</Notice>}
          <FreshnessNote cards={[read, steps, failed]} />
          <FilterBar path="/pipelines" params={params} fields={fields} />
          {read.ok ? (
            <>
              {read.data.pipelines.length >= maxPipelines && (
                <Notice tone="warn">Only the first {maxPipelines} pipelines, by name, are read.</Notice>
              )}
              <PipelineTable
                pipelines={found.slice(filter.after, filter.after + pipelinesAPage)}
                found={found.length}
                offset={filter.after}
                params={params}
                nextRuns={nextRuns}
                {...look}
              />
            </>
          ) : (
            <ListError
              noun="pipelines"
              path="/pipelines"
              params={params}
              requestId={ctx.requestId}
              reason={read.reason}
            />
          )}
          <div className="grid items-start gap-4 lg:grid-cols-2">
            <FailedRuns runs={failed} count={failedOf(read)} {...look} />
            <SlowestSteps steps={steps} />
          </div>
        </div>
      )}
    </PortalPage>
  );
}

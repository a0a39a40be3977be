/** Runs: every execution of every pipeline, filtered and paged by the address, and as CSV by the same filter. */
import { FilterBar } from '@/app/_ui/filter-bar';
import { CsvLink } from '@/app/_ui/link';
import { hrefWith } from '@/app/_ui/list-params';
import { Notice } from '@/app/_ui/notice';
import { PageHeader } from '@/app/_ui/page-header';
import { ErrorState } from '@/app/_ui/states';
import { FreshnessNote } from '@/app/(portal)/_charts/freshness-note';
import { NoRuns } from '@/app/(portal)/_runs/no-runs';
import { SectionTabs } from '@/app/(portal)/_runs/section-tabs';
import { PortalPage } from '@/app/(portal)/_shell/portal-page';
import { type Search, searchFilter } from '@/app/(portal)/_shell/search-filter';
import { pageTitle, timeMode } from '@/app/(portal)/_shell/visitor';
import { ChangeDone } from '@/app/(portal)/runs/_parts/change-done';
import { chosenFormId, ForChosen } from '@/app/(portal)/runs/_parts/for-chosen';
import { readList } from '@/app/(portal)/runs/_parts/read-list';
import { runFields } from '@/app/(portal)/runs/_parts/run-fields';
import { RunTable } from '@/app/(portal)/runs/_parts/run-table';
import { listRunsFilter, listRunsPage } from '@/lib/domains/runs/reads/run-list-input';
import { listKeyNames } from '@/lib/domains/runs/reads/run-names';
import { readAdmins } from '@/lib/domains/team/membership';
import { landing } from '@/lib/edge/portal/landing';
import { requireMember, visitorMay } from '@/lib/edge/portal/page';

export const generateMetadata = () => pageTitle('Runs');

const filters = Object.keys(listRunsFilter.shape);

export default async function RunsPage({ searchParams }: { searchParams: Search }) {
  const visitor = await requireMember();
  const { ctx } = visitor;
  const { params, filter, unknown } = await searchFilter(listRunsPage, searchParams, { choosesLength: true });
  const mayChange = visitorMay(visitor, 'runs:write');
  const [read, keys, admins] = await Promise.all([
    readList(ctx, filter),
    listKeyNames(ctx),
    mayChange ? [] : readAdmins(visitor.membership.customerId),
  ]);
  // Nothing can be done here with runs that are observed.
  const mayChoose = mayChange && filter.origin !== 'observed';
  const isFiltered = filters.some(name => params[name]);
  const look = { now: ctx.clock(), timeMode: timeMode(visitor) };
  const csvHref = hrefWith('/api/runs', { ...params, limit: undefined, format: 'csv' }, { after: undefined });
  return (
    <PortalPage visitor={visitor} current="pipelines" crumbs={[{ label: 'Runs' }]}>
      <PageHeader
        title="Runs"
        sentence="Every run of every pipeline, newest first; those of the last 90 days unless you choose days."
        viewOnly={mayChange ? undefined : { admins }}
        actions={<CsvLink href={csvHref} />}
      />
      <SectionTabs current="runs" />
      <div className="flex flex-col gap-4">
        <ChangeDone done={(await landing()).done} />
        {unknown && <Notice tone="warn">A filter in the address is not known. These are all runs.</Notice>}
        <FilterBar path="/runs" params={params} fields={runFields(keys, params)} keep={['limit']} />
        {!read.ok ? (
          <ErrorState title="Could not load runs." retryHref={hrefWith('/runs', params, {})} requestId={ctx.requestId}>
            {read.reason} Runs go on all the same.
          </ErrorState>
        ) : !isFiltered && !read.data.hasAny ? (
          <NoRuns visitor={visitor} />
        ) : (
          <>
            <FreshnessNote cards={[read]} />
            {mayChoose && read.data.rows.length > 0 && <ForChosen />}
            <RunTable
              {...read.data}
              {...look}
              params={params}
              isFiltered={isFiltered}
              formId={mayChoose ? chosenFormId : undefined}
            />
          </>
        )}
      </div>
    </PortalPage>
  );
}

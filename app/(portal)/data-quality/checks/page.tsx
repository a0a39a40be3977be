/** Data quality → Checks: every result, newest first, filtered and paged by the address. */
import { LinkButton } from '@/app/_ui/button';
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
import { CheckTable } from '@/app/(portal)/data-quality/_parts/check-table';
import { NoChecks } from '@/app/(portal)/data-quality/_parts/no-checks';
import { QualityTabs } from '@/app/(portal)/data-quality/_parts/quality-tabs';
import { readChecksPage } from '@/app/(portal)/data-quality/_parts/read-checks-page';
import { checkDays, listChecksInput } from '@/lib/domains/runs/quality/checks';
import { requireMember } from '@/lib/edge/portal/page';

export const generateMetadata = () => pageTitle('Checks');

const path = '/data-quality/checks';
const fields: readonly FilterField[] = [
  { type: 'search', name: 'table', label: 'Table', placeholder: 'Whole name of a table' },
  {
    type: 'select',
    name: 'status',
    label: 'Result',
    options: [
      { value: '', label: 'All results' },
      { value: 'FAIL', label: 'Failed' },
      { value: 'WARNING', label: 'Warning' },
      { value: 'PASS', label: 'Passed' },
    ],
  },
  { type: 'date', name: 'from', label: 'From day' },
  { type: 'date', name: 'to', label: 'To day' },
];

export default async function ChecksPage({ searchParams }: { searchParams: Search }) {
  const visitor = await requireMember();
  const { ctx } = visitor;
  const { params, filter, unknown } = await searchFilter(listChecksInput, searchParams);
  const read = await readChecksPage(ctx, filter);
  const isFiltered = Object.values(params).some(Boolean);
  return (
    <PortalPage visitor={visitor} current="quality" crumbs={[{ label: 'Checks' }]}>
      <PageHeader
        title="Checks"
        sentence={`Results of data-quality checks, newest first; of the last ${checkDays} days where you name none. Days are UTC.`}
        actions={<CsvLink href={hrefWith('/api/runs/checks', { ...params, format: 'csv' }, { after: undefined })} />}
      />
      <QualityTabs current="checks" />
      <div className="flex flex-col gap-4">
        {unknown && <Notice tone="warn">A filter in the address is not known. These are all checks.</Notice>}
        <FilterBar path={path} params={params} fields={fields} keep={['limit']} />
        {read.ok ? (
          <>
            <FreshnessNote cards={[read]} />
            <CheckTable
              caption="Checks"
              checks={read.data.checks}
              withTable
              now={ctx.clock()}
              mode={timeMode(visitor)}
              empty={isFiltered ? <NoMatch /> : <NoChecks />}
              footer={
                <Pager
                  path={path}
                  params={params}
                  shown={read.data.checks.length}
                  nextCursor={read.data.nextCursor ?? undefined}
                  sized
                />
              }
            />
          </>
        ) : (
          <ListError noun="checks" path={path} params={params} requestId={ctx.requestId} reason={read.reason} />
        )}
      </div>
    </PortalPage>
  );
}

const NoMatch = () => (
  <EmptyState
    icon="search"
    title="No check matches these filters."
    action={<LinkButton href={path}>Clear all</LinkButton>}
  />
);

/** Data quality: how each checked table stands, failing ones first, and what failed today. */
import { FilterBar, type FilterField } from '@/app/_ui/filter-bar';
import { formatPlural } from '@/app/_ui/format';
import { CsvLink } from '@/app/_ui/link';
import { hrefWith } from '@/app/_ui/list-params';
import { Notice } from '@/app/_ui/notice';
import { PageHeader } from '@/app/_ui/page-header';
import { FreshnessNote } from '@/app/(portal)/_charts/freshness-note';
import { firstDayOf } from '@/app/(portal)/_runs/run-links';
import { ListError } from '@/app/(portal)/_shell/list-error';
import { PortalPage } from '@/app/(portal)/_shell/portal-page';
import { type Search, searchFilter } from '@/app/(portal)/_shell/search-filter';
import { pageTitle, timeMode } from '@/app/(portal)/_shell/visitor';
import { FailedToday } from '@/app/(portal)/data-quality/_parts/failed-today';
import { NoChecks } from '@/app/(portal)/data-quality/_parts/no-checks';
import { QualityTabs } from '@/app/(portal)/data-quality/_parts/quality-tabs';
import { TableList } from '@/app/(portal)/data-quality/_parts/table-list';
import {
  listTablesInput,
  matchingTables,
  maxTables,
  qualityDays,
  readCheckedTables,
} from '@/lib/domains/runs/quality/checked-tables';
import { listFailedChecks } from '@/lib/domains/runs/reads/queries';
import { requireMember } from '@/lib/edge/portal/page';
import { cardData } from '@/lib/edge/portal/page-card';
import { utcDay } from '@/lib/platform/clock';

export const generateMetadata = () => pageTitle('Data quality');

const fields: readonly FilterField[] = [
  { type: 'search', name: 'q', label: 'Search', placeholder: 'Table' },
  {
    type: 'select',
    name: 'state',
    label: 'State',
    options: [
      { value: '', label: 'All states' },
      { value: 'failing', label: 'Failed' },
      { value: 'warning', label: 'Warning' },
      { value: 'passing', label: 'Passed' },
    ],
  },
  {
    type: 'select',
    name: 'checked',
    label: 'Checked',
    options: [
      { value: '', label: 'Last 30 days' },
      { value: 'today', label: 'Today' },
    ],
  },
];

export default async function DataQualityPage({ searchParams }: { searchParams: Search }) {
  const visitor = await requireMember();
  const { ctx } = visitor;
  const { params, filter, unknown } = await searchFilter(listTablesInput, searchParams);
  const [read, failed] = await Promise.all([
    cardData(ctx.requestId, readCheckedTables(ctx)),
    cardData(ctx.requestId, listFailedChecks(ctx, {})),
  ]);
  const today = utcDay(ctx.clock());
  const look = { now: ctx.clock(), mode: timeMode(visitor) };
  const hasNone = read.ok && read.data.tables.length === 0;
  const found = read.ok ? matchingTables(read.data.tables, filter, today) : [];
  return (
    <PortalPage visitor={visitor} current="quality">
      <PageHeader
        title="Data quality"
        sentence="Tables checked in the last 30 days (UTC). A table is as good as the worst last result of its suites."
        actions={!hasNone && <CsvLink href={hrefWith('/api/runs/checked-tables', { ...params, format: 'csv' }, {})} />}
      />
      <QualityTabs current="tables" />
      {hasNone ? (
        <NoChecks />
      ) : (
        <div className="flex flex-col gap-4">
          {unknown && <Notice tone="warn">A filter in the address is not known. These are all tables.</Notice>}
          <FreshnessNote cards={[read, failed]} />
          <FilterBar path="/data-quality" params={params} fields={fields} keep={[]} />
          {read.ok ? (
            <>
              {read.data.tables.length >= maxTables && (
                <Notice tone="warn">Only the {maxTables} worst tables are read.</Notice>
              )}
              <TableList tables={found} from={firstDayOf(qualityDays, today)} {...look} />
              {found.length > 0 && (
                <p className="text-table text-muted tabular-nums">{formatPlural(found.length, 'table')}</p>
              )}
            </>
          ) : (
            <ListError
              noun="tables"
              path="/data-quality"
              params={params}
              requestId={ctx.requestId}
              reason={read.reason}
            />
          )}
          <FailedToday checks={failed} today={today} {...look} />
        </div>
      )}
    </PortalPage>
  );
}

/** One checked table: its expectations day by day, which of them failed, and its last checks. */
import { notFound, redirect } from 'next/navigation';
import { BarChart } from '@/app/_ui/bar-chart';
import { Card } from '@/app/_ui/card';
import type { ChartSeries } from '@/app/_ui/chart-types';
import { formatCount, formatDay, formatPlural } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import { PageHeader } from '@/app/_ui/page-header';
import { ErrorState } from '@/app/_ui/states';
import { StatusBadge } from '@/app/_ui/status-badge';
import { FreshnessNote } from '@/app/(portal)/_charts/freshness-note';
import { PortalPage } from '@/app/(portal)/_shell/portal-page';
import type { Search } from '@/app/(portal)/_shell/search-filter';
import { pageTitle, timeMode } from '@/app/(portal)/_shell/visitor';
import { CheckTable } from '@/app/(portal)/data-quality/_parts/check-table';
import { ExpectationTable } from '@/app/(portal)/data-quality/_parts/expectation-table';
import { checkStatusLook, checksHref, tableHref } from '@/app/(portal)/data-quality/_parts/quality-words';
import { readChecksPage } from '@/app/(portal)/data-quality/_parts/read-checks-page';
import { qualityDays, readCheckedTables } from '@/lib/domains/runs/quality/checked-tables';
import { listChecksInput } from '@/lib/domains/runs/quality/checks';
import { readTableTrend, type TableDay } from '@/lib/domains/runs/quality/table-trend';
import { requireMember } from '@/lib/edge/portal/page';
import { cardData } from '@/lib/edge/portal/page-card';
import { addDays, utcDay } from '@/lib/platform/clock';

export const generateMetadata = () => pageTitle('Checked table');

const checksShown = 20;
const series: readonly ChartSeries[] = [
  { key: 'passed', label: 'Expectations passed', color: 'ok' },
  { key: 'failed', label: 'Expectations failed', color: 'bad' },
];

/** What the table is asked for; an address without one leads to the list. */
async function tableOf(search: Search): Promise<string> {
  const { name } = await search;
  if (typeof name !== 'string' || name === '') redirect('/data-quality');
  if (name.length > 1_000) notFound();
  return name;
}

export default async function CheckedTablePage({ searchParams }: { searchParams: Search }) {
  const visitor = await requireMember();
  const { ctx } = visitor;
  const table = await tableOf(searchParams);
  const [all, trend, checks] = await Promise.all([
    cardData(ctx.requestId, readCheckedTables(ctx)),
    cardData(ctx.requestId, readTableTrend(ctx, table)),
    readChecksPage(ctx, listChecksInput.parse({ table, limit: checksShown })),
  ]);
  if (trend.ok && trend.data.days.every(day => day === null)) notFound();
  const known = all.ok ? all.data.tables.find(item => item.table === table) : undefined;
  const look = { now: ctx.clock(), mode: timeMode(visitor) };
  return (
    <PortalPage visitor={visitor} current="quality" crumbs={[{ label: table }]}>
      <PageHeader
        title={table}
        sentence={known && <StatusBadge status={checkStatusLook[known.status]} detail={stateWords(known)} />}
      />
      <div className="flex flex-col gap-4">
        <FreshnessNote cards={[all, trend, checks]} />
        {trend.ok ? (
          <>
            <DaysChart days={trend.data.days} today={utcDay(look.now)} />
            <ExpectationTable expectations={trend.data.expectations} {...look} />
          </>
        ) : (
          <ErrorState title="Could not load the trend." retryHref={tableHref(table)} requestId={ctx.requestId}>
            {trend.reason}
          </ErrorState>
        )}
        {checks.ok ? (
          <Card
            title="Last checks"
            actions={
              <Link className="link" href={checksHref({ table })}>
                All checks of 30 days
              </Link>
            }
          >
            <CheckTable
              caption={`Last checks of ${table}`}
              checks={checks.data.checks}
              withTable={false}
              empty={<p className="text-muted">No checks in the last {qualityDays} days.</p>}
              {...look}
            />
          </Card>
        ) : (
          <ErrorState title="Could not load the checks." retryHref={tableHref(table)} requestId={ctx.requestId}>
            {checks.reason}
          </ErrorState>
        )}
      </div>
    </PortalPage>
  );
}

/** "2 of 14 expectations failed, in 1 suite". */
const stateWords = ({ passed, failed, suites }: { passed: number; failed: number; suites: number }): string =>
  `${formatCount(failed)} of ${formatCount(passed + failed)} expectations failed${suites > 1 ? `, in ${suites} suites` : ''}`;

function DaysChart({ days, today }: { days: readonly (TableDay | null)[]; today: string }) {
  const title = `Expectations by day, last ${qualityDays} days (UTC)`;
  const measured = days.filter(day => day !== null);
  const sum = (key: keyof TableDay) => measured.reduce((total, day) => total + day[key], 0);
  const sentence = `${formatPlural(sum('checks'), 'check')} on ${formatPlural(measured.length, 'day')}, ${formatCount(sum('checksFailed'))} failed.`;
  return (
    <Card title={title}>
      <BarChart
        title={title}
        sentence={sentence}
        series={series}
        points={days.map((day, index) => ({
          label: formatDay(addDays(today, index + 1 - days.length)),
          values: day && { passed: day.passed, failed: day.failed },
          partial: index === days.length - 1,
        }))}
        pointHead="Date"
      />
    </Card>
  );
}

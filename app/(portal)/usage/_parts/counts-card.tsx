/** Runs told apart by pipeline, key or, hour by hour, outcome: the chart, and every name with its counts. */
import { BarChart } from '@/app/_ui/bar-chart';
import { Card } from '@/app/_ui/card';
import { type Column, DataTable } from '@/app/_ui/data-table';
import { formatCount, formatPercent } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import { ErrorState } from '@/app/_ui/states';
import {
  countsPoints,
  countsSentence,
  countsSeries,
  nameHref,
  nameText,
  periodBefore,
} from '@/app/(portal)/usage/_parts/counts-points';
import type { CountsRead } from '@/app/(portal)/usage/_parts/read-counts';
import type { UsageView } from '@/app/(portal)/usage/_parts/usage-view';
import type { HistoryDay } from '@/lib/domains/quotas/history';
import { maxNames, type NamedRuns } from '@/lib/domains/runs/reads/run-counts';
import type { CardData } from '@/lib/edge/portal/page-card';

type Props = {
  read: CardData<CountsRead>;
  view: UsageView;
  /** The days that are shown and compared, as the counter measured them. */
  days: readonly HistoryDay[];
  now: Date;
  retryHref: string;
};

const titles = { outcome: 'Runs', pipeline: 'Runs by pipeline', key: 'Runs by API key' };
const heads = { outcome: 'Outcome', pipeline: 'Pipeline', key: 'API key' };

export function CountsCard({ read, view, days, now, retryHref }: Props) {
  const title = `${titles[view.by]}, ${view.period} (UTC)`;
  if (!read.ok)
    return (
      <ErrorState title="Could not load the runs." retryHref={retryHref}>
        {read.reason}
      </ErrorState>
    );
  const { counts, before, keys } = read.data;
  const unmeasured = new Set(days.flatMap(({ day, use }) => (use ? [] : [day])));
  return (
    <Card title={title}>
      <BarChart
        title={title}
        sentence={countsSentence(counts, { before, unmeasured }, view.range)}
        series={countsSeries(counts, view.range, keys)}
        points={countsPoints(counts, { before, unmeasured, now })}
        pointHead={counts.step === 'day' ? 'Date' : 'Hour'}
        pointNoun={counts.step}
        previousLabel={`before: ${periodBefore(counts, view.range)}`}
      />
      {view.by !== 'outcome' && <NamesTable read={read.data} view={view} />}
      <p className="max-w-prose text-meta text-muted">
        Counted as the list of runs has them, by when they started or were asked for; the history below counts only what
        took quota.
        {view.step === 'hour' && ' Limits and refused starts are kept by the day.'}
      </p>
    </Card>
  );
}

function NamesTable({ read: { counts, keys }, view }: { read: CountsRead; view: UsageView }) {
  const { by, step, names, total } = counts;
  const hrefOf = (name: string, failed?: boolean) =>
    step === 'day' ? nameHref(by, name, view.range, failed) : undefined;
  const columns: Column<NamedRuns>[] = [
    {
      id: 'name',
      head: heads[by],
      priority: 'name',
      cell: ({ name }) => <span className="wrap-anywhere">{nameText(by, name, keys)}</span>,
    },
    {
      id: 'runs',
      head: 'Runs',
      align: 'end',
      cell: ({ name, runs }) => <Count count={runs} href={hrefOf(name)} says={`runs of ${nameText(by, name, keys)}`} />,
    },
    {
      id: 'failed',
      head: 'Failed',
      align: 'end',
      cell: ({ name, failed }) => (
        <Count count={failed} href={hrefOf(name, true)} says={`failed runs of ${nameText(by, name, keys)}`} />
      ),
    },
    { id: 'share', head: 'Share', align: 'end', cell: ({ runs }) => formatPercent(runs, total) },
  ];
  return (
    <DataTable
      id="usage-names"
      caption={`${titles[by]}, ${view.period}`}
      columns={columns}
      rows={names}
      rowKey={({ name }) => name}
      empty={null}
      footer={
        names.length === maxNames ? (
          <p className="text-muted">These are the {maxNames} with the most runs.</p>
        ) : undefined
      }
    />
  );
}

/** A count that leads to its list where there is one. */
function Count({ count, href, says }: { count: number; href: string | undefined; says: string }) {
  if (count === 0 || !href) return formatCount(count);
  return (
    <Link className="link-quiet" href={href}>
      {formatCount(count)}
      <span className="sr-only"> {says}</span>
    </Link>
  );
}

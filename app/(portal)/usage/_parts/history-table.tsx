/** The days of the period as a table, newest first, with its download. */
import { Card } from '@/app/_ui/card';
import { DataTable } from '@/app/_ui/data-table';
import { formatCount, formatDate } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import { hrefWith } from '@/app/_ui/list-params';
import { runsHref } from '@/app/(portal)/_runs/run-links';
import { dateText, type HistoryRow, historyRows } from '@/app/(portal)/usage/_parts/history-rows';
import type { DayRange } from '@/lib/domains/quotas/day-range';
import type { DayUse, HistoryDay } from '@/lib/domains/quotas/history';

const numbers: { id: keyof DayUse; head: string }[] = [
  { id: 'runs', head: 'Runs' },
  { id: 'succeeded', head: 'Succeeded' },
  { id: 'failed', head: 'Failed' },
  { id: 'refused', head: 'Refused' },
  { id: 'limit', head: 'Limit that day' },
  { id: 'mostAtOnce', head: 'Most at once' },
];

/** The runs of a day that a number counts, all of which took quota; other numbers have no list. */
const listed: Partial<Record<keyof DayUse, Parameters<typeof runsHref>[0]>> = {
  runs: {},
  succeeded: { status: 'COMPLETED' },
  failed: { status: 'FAILED' },
};

/** A number, or that nobody measured the day, which is not 0. */
function figure({ day, use }: HistoryRow, id: keyof DayUse) {
  if (!use) return <span className="text-muted">not measured</span>;
  const filter = listed[id];
  if (!filter || use[id] === 0) return formatCount(use[id]);
  return (
    <Link className="link-quiet" href={runsHref({ ...filter, origin: 'ours', from: day, to: day })}>
      {formatCount(use[id])}
      <span className="sr-only">
        {' '}
        {id === 'runs' ? '' : id} runs of {formatDate(day)}
      </span>
    </Link>
  );
}

type Props = { days: readonly HistoryDay[]; range: DayRange; period: string };

export function HistoryTable({ days, range, period }: Props) {
  const download = (
    <a className="link" href={hrefWith('/api/quotas', { ...range, format: 'csv' }, {})} download>
      Download CSV
    </a>
  );
  return (
    <Card title="History" note={download}>
      <DataTable
        caption={`Use by day, ${period}`}
        rows={historyRows(days)}
        rowKey={({ day }) => day}
        empty={null}
        columns={[
          {
            id: 'date',
            head: 'Date',
            priority: 'name',
            cell: dateText,
          },
          ...numbers.map(({ id, head }) => ({
            id,
            head,
            align: 'end' as const,
            cell: (row: HistoryRow) => figure(row, id),
          })),
        ]}
      />
    </Card>
  );
}

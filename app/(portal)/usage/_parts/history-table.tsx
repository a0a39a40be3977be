/** The days of the period as a table, newest first, with its download. */
import { Card } from '@/app/_ui/card';
import { DataTable } from '@/app/_ui/data-table';
import { formatCount, formatDate } from '@/app/_ui/format';
import type { DayUse, HistoryDay } from '@/lib/domains/quotas/history';

const numbers: { id: keyof DayUse; head: string }[] = [
  { id: 'runs', head: 'Runs' },
  { id: 'succeeded', head: 'Succeeded' },
  { id: 'failed', head: 'Failed' },
  { id: 'refused', head: 'Refused' },
  { id: 'limit', head: 'Limit that day' },
  { id: 'mostAtOnce', head: 'Most at once' },
];

/** A number, or that nobody measured the day, which is not 0. */
const figure = ({ use }: HistoryDay, id: keyof DayUse) =>
  use ? formatCount(use[id]) : <span className="text-muted">not measured</span>;

export function HistoryTable({ days, length }: { days: readonly HistoryDay[]; length: number }) {
  const download = (
    <a className="link" href={`/api/quotas?days=${length}&format=csv`} download>
      Download CSV
    </a>
  );
  return (
    <Card title="History" note={download}>
      <DataTable
        caption={`Use by day, last ${length} days`}
        rows={days.toReversed()}
        rowKey={({ day }) => day}
        empty={null}
        columns={[
          {
            id: 'date',
            head: 'Date',
            priority: 'name',
            cell: ({ day, isToday }) => `${formatDate(day)}${isToday ? ', so far' : ''}`,
          },
          ...numbers.map(({ id, head }) => ({
            id,
            head,
            align: 'end' as const,
            cell: (day: HistoryDay) => figure(day, id),
          })),
        ]}
      />
    </Card>
  );
}

/** Each day of AI usage in figures, the newest first. */
import { type Column, DataTable } from '@/app/_ui/data-table';
import { formatCount, formatDate, formatDollars } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import { hrefWith, type ListParams } from '@/app/_ui/list-params';
import { bookCostWords } from '@/app/(portal)/traces/_parts/cost-words';
import type { DayUse, Usage } from '@/lib/domains/traces/usage/usage';

function columns(params: ListParams, today: string): Column<DayUse>[] {
  const { by: _by, show: _show, days: _days, ...kept } = params;
  return [
    {
      id: 'day',
      head: 'Day (UTC)',
      priority: 'name',
      cell: ({ day }) => `${formatDate(day)}${day === today ? ', so far' : ''}`,
    },
    { id: 'book', head: 'Book price', align: 'end', priority: 'second', cell: ({ use }) => bookCostWords(use) },
    {
      id: 'requests',
      head: 'Requests',
      align: 'end',
      cell: ({ day, use }) =>
        use.requests === 0 ? (
          '0'
        ) : (
          <Link className="link-quiet" href={hrefWith('/traces/sessions', kept, { from: day, to: day })}>
            {formatCount(use.requests)}
            <span className="sr-only"> requests of {formatDate(day)}</span>
          </Link>
        ),
    },
    { id: 'sessions', head: 'Sessions', align: 'end', cell: ({ use }) => formatCount(use.sessions) },
    { id: 'failed', head: 'Failed', align: 'end', cell: ({ use }) => formatCount(use.failed) },
    { id: 'accepted', head: 'Marked as accepted', align: 'end', cell: ({ use }) => formatCount(use.accepted) },
    { id: 'in', head: 'Tokens in', align: 'end', cell: ({ use }) => formatCount(use.tokensIn) },
    { id: 'out', head: 'Tokens out', align: 'end', cell: ({ use }) => formatCount(use.tokensOut) },
    { id: 'document', head: 'Document price', align: 'end', cell: ({ use }) => formatDollars(use.documentCostUsd) },
  ];
}

export function DaysCard({ usage, params, today }: { usage: Usage; params: ListParams; today: string }) {
  const csvHref = hrefWith('/api/traces/usage', { ...params, show: undefined, format: 'csv', rows: 'days' }, {});
  return (
    <details className="card p-4">
      <summary className="link cursor-pointer py-1">Each day in figures</summary>
      <div className="mt-3 flex flex-col gap-3">
        <p>
          <a className="link" href={csvHref} download>
            Download days as CSV
          </a>
        </p>
        <DataTable
          caption="AI usage by day"
          columns={columns(params, today)}
          rows={usage.byDay.toReversed()}
          rowKey={({ day }) => day}
          empty={null}
          id="days"
        />
      </div>
    </details>
  );
}

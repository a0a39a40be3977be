/** The checked tables, failing ones first, each with its 30 days. */
import { LinkButton } from '@/app/_ui/button';
import { type Column, DataTable } from '@/app/_ui/data-table';
import { formatCount } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import { OutcomeMarks } from '@/app/_ui/outcome-marks';
import { EmptyState } from '@/app/_ui/states';
import { StatusBadge } from '@/app/_ui/status-badge';
import { Time } from '@/app/_ui/time';
import { runHref } from '@/app/(portal)/_runs/run-links';
import {
  checkStatusLook,
  checksHref,
  daysWords,
  outcomesOf,
  tableHref,
} from '@/app/(portal)/data-quality/_parts/quality-words';
import type { CheckedTable } from '@/lib/domains/runs/quality/checked-tables';

type Look = { now: Date; mode: 'relative' | 'absolute'; from: string };

const columns = ({ now, mode, from }: Look): Column<CheckedTable>[] => [
  {
    id: 'table',
    head: 'Table',
    priority: 'name',
    cell: ({ table }) => (
      <Link className="link wrap-anywhere" href={tableHref(table)}>
        {table}
      </Link>
    ),
  },
  {
    id: 'status',
    head: 'Last result',
    priority: 'second',
    cell: ({ table, status, runId }) => (
      <Link className="link-quiet" href={runHref(runId)}>
        <StatusBadge status={checkStatusLook[status]} />
        <span className="sr-only"> last checks of {table}, show the run</span>
      </Link>
    ),
  },
  { id: 'checked', head: 'Checked', cell: ({ executedAt }) => <Time instant={executedAt} now={now} mode={mode} /> },
  {
    id: 'expectations',
    head: 'Expectations failed',
    align: 'end',
    cell: ({ passed, failed }) => (
      <span className={failed > 0 ? 'font-semibold' : undefined}>
        {formatCount(failed)} of {formatCount(passed + failed)}
      </span>
    ),
  },
  {
    id: 'checks',
    head: 'Checks failed, 30 days',
    align: 'end',
    cell: ({ table, checks, checksFailed }) => (
      <span>
        {checksFailed === 0 ? (
          '0'
        ) : (
          <Link className="link-quiet font-semibold text-bad" href={checksHref({ status: 'FAIL', table, from })}>
            {formatCount(checksFailed)}
            <span className="sr-only"> failed checks of {table}</span>
          </Link>
        )}{' '}
        of{' '}
        <Link className="link-quiet" href={checksHref({ table, from })}>
          {formatCount(checks)}
          <span className="sr-only"> checks of {table}</span>
        </Link>
      </span>
    ),
  },
  {
    id: 'trend',
    head: 'Last 30 days',
    cell: ({ days }) => <OutcomeMarks label={daysWords(days)} outcomes={outcomesOf(days)} />,
  },
];

export function TableList({ tables, ...look }: Look & { tables: readonly CheckedTable[] }) {
  return (
    <DataTable
      caption="Checked tables"
      columns={columns(look)}
      rows={tables}
      rowKey={({ table }) => table}
      empty={
        <EmptyState
          icon="search"
          title="No table matches these filters."
          action={<LinkButton href="/data-quality">Clear all</LinkButton>}
        />
      }
    />
  );
}

/** Data-quality results one by one: what was checked, what failed of it, and the run that did it. */
import type { ReactNode } from 'react';
import { type Column, DataTable } from '@/app/_ui/data-table';
import { formatCount } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import { StatusBadge } from '@/app/_ui/status-badge';
import { Time } from '@/app/_ui/time';
import { runHref } from '@/app/(portal)/_runs/run-links';
import {
  checkStatusLook,
  expectationWords,
  failedRowsWords,
  tableHref,
} from '@/app/(portal)/data-quality/_parts/quality-words';
import type { Check } from '@/lib/domains/runs/quality/checks';

const failuresShown = 3;

function Failures({ check: { failures, expectations_failed } }: { check: Check }) {
  if (expectations_failed === 0) return <span className="text-muted">–</span>;
  if (failures.length === 0) return <span className="text-muted">Not said which</span>;
  const more = failures.length - failuresShown;
  return (
    <ul>
      {failures.slice(0, failuresShown).map(failed => {
        const rows = failedRowsWords(failed);
        return (
          <li key={expectationWords(failed)} className="wrap-anywhere">
            <code>{expectationWords(failed)}</code>
            {rows && <span className="text-muted"> {rows}</span>}
          </li>
        );
      })}
      {more > 0 && <li className="text-muted">and {more} more</li>}
    </ul>
  );
}

type Look = { now: Date; mode: 'relative' | 'absolute' };

/** The table and the suite that was applied to it. */
const tableColumn: Column<Check> = {
  id: 'table',
  head: 'Table, suite',
  priority: 'name',
  cell: check => (
    <span className="block min-w-44">
      <Link className="link wrap-anywhere" href={tableHref(check.target_table)}>
        {check.target_table}
      </Link>
      <span className="block text-meta font-normal wrap-anywhere text-muted">{check.dq_config_id}</span>
    </span>
  ),
};

const suiteColumn: Column<Check> = {
  id: 'suite',
  head: 'Suite',
  cell: check => <span className="block min-w-24 wrap-anywhere">{check.dq_config_id}</span>,
};

const columns = ({ now, mode }: Look, withTable: boolean): Column<Check>[] => [
  ...(withTable ? [tableColumn] : []),
  {
    id: 'checked',
    head: 'Checked',
    priority: withTable ? undefined : 'name',
    cell: check => <Time instant={check.executed_at} now={now} mode={mode} />,
  },
  {
    id: 'status',
    head: 'Result',
    priority: 'second',
    cell: check => <StatusBadge status={checkStatusLook[check.overall_status]} />,
  },
  {
    id: 'expectations',
    head: 'Expectations failed',
    align: 'end',
    cell: check =>
      `${formatCount(check.expectations_failed)} of ${formatCount(check.expectations_passed + check.expectations_failed)}`,
  },
  { id: 'failures', head: 'What failed', wide: true, cell: check => <Failures check={check} /> },
  ...(withTable ? [] : [suiteColumn]),
  {
    id: 'run',
    head: 'Run',
    cell: check => (
      <Link className="link whitespace-nowrap" href={runHref(check.pipeline_logging_id)}>
        Open run<span className="sr-only"> that checked {check.target_table}</span>
      </Link>
    ),
  },
];

type Props = Look & {
  caption: string;
  checks: readonly Check[];
  /** Left out where all are of one table. */
  withTable: boolean;
  empty: ReactNode;
  footer?: ReactNode;
};

export const CheckTable = ({ caption, checks, withTable, empty, footer, ...look }: Props) => (
  <DataTable
    caption={caption}
    columns={columns(look, withTable)}
    rows={checks}
    rowKey={check => check.dq_result_id}
    empty={empty}
    footer={footer}
  />
);

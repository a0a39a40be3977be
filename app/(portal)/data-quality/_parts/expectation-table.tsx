/** The expectations of a table that failed in 30 days, each with its days and what its last failure says. */
import { Card } from '@/app/_ui/card';
import { DataTable } from '@/app/_ui/data-table';
import { formatCount } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import { OutcomeMarks } from '@/app/_ui/outcome-marks';
import { Time } from '@/app/_ui/time';
import { runHref } from '@/app/(portal)/_runs/run-links';
import {
  daysWords,
  expectationWords,
  failedRowsWords,
  outcomesOf,
} from '@/app/(portal)/data-quality/_parts/quality-words';
import { expectationKey } from '@/lib/domains/runs/explain/failed-expectations';
import type { ExpectationTrend } from '@/lib/domains/runs/quality/table-trend';

type Props = { expectations: readonly ExpectationTrend[]; now: Date; mode: 'relative' | 'absolute' };

export const ExpectationTable = ({ expectations, now, mode }: Props) => (
  <Card title="Expectations that failed" note="Last 30 days">
    <DataTable
      id="expectations"
      caption="Expectations that failed in the last 30 days"
      rows={expectations}
      rowKey={expectationKey}
      empty={<p className="text-muted">No check of the last 30 days says which expectation failed.</p>}
      columns={[
        {
          id: 'name',
          head: 'Expectation',
          priority: 'name',
          cell: trend => <code className="wrap-anywhere">{expectationWords(trend)}</code>,
        },
        { id: 'failures', head: 'Checks failed', align: 'end', cell: trend => formatCount(trend.failures) },
        {
          id: 'rows',
          head: 'Rows, last time',
          cell: trend => failedRowsWords(trend.last) ?? <span className="text-muted">not measured</span>,
        },
        {
          id: 'last',
          head: 'Failed last',
          cell: trend => (
            <Link className="link" href={runHref(trend.last.runId)}>
              <Time instant={trend.last.executedAt} now={now} mode={mode} />
              <span className="sr-only">, show the run in which {expectationWords(trend)} failed</span>
            </Link>
          ),
        },
        {
          id: 'days',
          head: 'Last 30 days',
          cell: ({ days }) => <OutcomeMarks label={daysWords(days)} outcomes={outcomesOf(days)} />,
        },
      ]}
    />
  </Card>
);

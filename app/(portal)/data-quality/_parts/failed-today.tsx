/** The checks that failed today (UTC), newest first, each with its run. Source: docs/spec/requirements.md, M-27. */
import { Card } from '@/app/_ui/card';
import { DataTable } from '@/app/_ui/data-table';
import { formatCount, formatPlural } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import { ErrorState } from '@/app/_ui/states';
import { Time } from '@/app/_ui/time';
import { runHref } from '@/app/(portal)/_runs/run-links';
import { checksHref, tableHref } from '@/app/(portal)/data-quality/_parts/quality-words';
import type { FailedCheck } from '@/lib/domains/runs/reads/queries';
import type { CardData } from '@/lib/edge/portal/page-card';

const shown = 10;

type Props = { checks: CardData<{ rows: FailedCheck[] }>; now: Date; today: string; mode: 'relative' | 'absolute' };

export function FailedToday({ checks, now, today, mode }: Props) {
  if (!checks.ok)
    return (
      <ErrorState title="Could not load today’s failed checks." retryHref="/data-quality">
        {checks.reason}
      </ErrorState>
    );
  const { rows } = checks.data;
  return (
    <Card
      title="Failed today (UTC)"
      actions={
        rows.length > 0 && (
          <Link className="link" href={checksHref({ status: 'FAIL', from: today, to: today })}>
            Show {formatPlural(rows.length, 'failed check')}
          </Link>
        )
      }
    >
      <DataTable
        id="failed-today"
        caption="Checks that failed today"
        rows={rows.slice(0, shown)}
        rowKey={check => check.dq_result_id}
        empty={<p className="text-muted">No check failed today.</p>}
        columns={[
          {
            id: 'table',
            head: 'Table',
            priority: 'name',
            cell: check => (
              <Link className="link wrap-anywhere" href={tableHref(check.target_table)}>
                {check.target_table}
              </Link>
            ),
          },
          { id: 'at', head: 'Checked', cell: check => <Time instant={check.executed_at} now={now} mode={mode} /> },
          {
            id: 'failed',
            head: 'Expectations failed',
            align: 'end',
            cell: check =>
              `${formatCount(check.expectations_failed)} of ${formatCount(check.expectations_passed + check.expectations_failed)}`,
          },
          {
            id: 'run',
            head: 'Run',
            cell: check => (
              <Link className="link" href={runHref(check.pipeline_logging_id)}>
                Open run<span className="sr-only"> that checked {check.target_table}</span>
              </Link>
            ),
          },
        ]}
      />
    </Card>
  );
}

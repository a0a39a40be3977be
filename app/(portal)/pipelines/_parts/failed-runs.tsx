/** The newest failed runs of seven days, each with its error. Source: docs/spec/requirements.md, M-10. */
import { Card } from '@/app/_ui/card';
import { DataTable } from '@/app/_ui/data-table';
import { formatPlural } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import { ErrorState } from '@/app/_ui/states';
import { Time } from '@/app/_ui/time';
import { firstDayOf, runHref, runsHref } from '@/app/(portal)/_runs/run-links';
import { maskSecrets } from '@/lib/domains/runs/explain/mask-secrets';
import type { FailedRun } from '@/lib/domains/runs/reads/queries';
import type { CardData } from '@/lib/edge/portal/page-card';

const shown = 10;

type Props = {
  runs: CardData<{ rows: FailedRun[] }>;
  /** All failed runs of the seven days; null where they could not be counted. */
  count: number | null;
  now: Date;
  today: string;
  mode: 'relative' | 'absolute';
};

export function FailedRuns({ runs, count, now, today, mode }: Props) {
  if (!runs.ok)
    return (
      <ErrorState title="Could not load the failed runs." retryHref="/pipelines">
        {runs.reason}
      </ErrorState>
    );
  const from = firstDayOf(7, today);
  // The question goes back seven times 24 hours; the linked list and its number know whole days.
  const rows = runs.data.rows.filter(run => run.start_time.toISOString() >= from);
  return (
    <Card
      title="Failed runs, last 7 days"
      actions={
        rows.length > 0 && (
          <Link className="link" href={runsHref({ status: 'FAILED', from })}>
            {count === null ? 'All failed runs' : `Show ${formatPlural(count, 'failed run')}`}
          </Link>
        )
      }
    >
      <DataTable
        id="failed"
        caption="Failed runs of the last 7 days"
        rows={rows.slice(0, shown)}
        rowKey={run => run.pipeline_logging_id}
        empty={<p className="text-muted">No run failed in the last 7 days.</p>}
        columns={[
          {
            id: 'pipeline',
            head: 'Pipeline',
            priority: 'name',
            cell: run => (
              <Link className="link wrap-anywhere" href={runHref(run.pipeline_logging_id)}>
                {run.pipeline_id}
              </Link>
            ),
          },
          { id: 'started', head: 'Started', cell: run => <Time instant={run.start_time} now={now} mode={mode} /> },
          {
            id: 'error',
            head: 'Error',
            wide: true,
            cell: run => (
              <span className="line-clamp-2 wrap-anywhere">
                {run.error_message === null ? 'No message' : maskSecrets(run.error_message)}
              </span>
            ),
          },
        ]}
      />
    </Card>
  );
}

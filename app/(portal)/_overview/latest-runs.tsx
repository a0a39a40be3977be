/** The five newest runs. */
import { Card } from '@/app/_ui/card';
import { type Column, DataTable } from '@/app/_ui/data-table';
import { formatDuration } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import { ErrorState } from '@/app/_ui/states';
import { StatusBadge } from '@/app/_ui/status-badge';
import { Time } from '@/app/_ui/time';
import { ObservedBadge } from '@/app/(portal)/_runs/observed';
import { runHref, runsHref } from '@/app/(portal)/_runs/run-links';
import { runStatusLook } from '@/app/(portal)/_runs/run-status';
import type { ListedRun } from '@/lib/domains/runs/reads/run-list';
import type { CardData } from '@/lib/edge/portal/page-card';

const columns = (now: Date, mode: 'relative' | 'absolute'): Column<ListedRun>[] => [
  {
    id: 'pipeline',
    head: 'Pipeline',
    cell: run => (
      <Link className="link wrap-anywhere" href={runHref(run.pipeline_logging_id)}>
        {run.pipeline_id}
      </Link>
    ),
    priority: 'name',
  },
  {
    id: 'status',
    head: 'Status',
    cell: run => (
      <span className="flex flex-wrap gap-1">
        <StatusBadge status={runStatusLook[run.status]} />
        {run.origin === 'observed' && <ObservedBadge />}
      </span>
    ),
    priority: 'second',
  },
  { id: 'started', head: 'Started', cell: run => <Time instant={run.start_time} now={now} mode={mode} /> },
  { id: 'duration', head: 'Duration', cell: run => formatDuration(run.duration_ms), align: 'end' },
];

type Props = { runs: CardData<{ rows: ListedRun[] }>; now: Date; mode: 'relative' | 'absolute' };

export function LatestRuns({ runs, now, mode }: Props) {
  if (!runs.ok)
    return (
      <ErrorState title="Could not load runs." retryHref="/">
        {runs.reason}
      </ErrorState>
    );
  return (
    <Card
      title="Latest runs"
      actions={
        <Link className="link" href={runsHref({})}>
          All runs
        </Link>
      }
    >
      <DataTable
        caption="Latest runs"
        columns={columns(now, mode)}
        rows={runs.data.rows}
        rowKey={run => run.pipeline_logging_id}
        empty={<p className="text-muted">No runs in the last 90 days.</p>}
      />
    </Card>
  );
}

/** The scheduled jobs: when each ran last, what came of it, and a run now. */

import { Card } from '@/app/_ui/card';
import { ConfirmDialog } from '@/app/_ui/confirm-dialog';
import { DataTable } from '@/app/_ui/data-table';
import { formatDuration } from '@/app/_ui/format';
import { ErrorState } from '@/app/_ui/states';
import { StatusBadge } from '@/app/_ui/status-badge';
import { Time } from '@/app/_ui/time';
import { runJobAction } from '@/app/support/actions';
import type { CardData } from '@/lib/edge/portal/page-card';
import { type JobDefinition, type JobRun, skippedBecause } from '@/lib/kernel/jobs';
import { cronWords } from '@/lib/platform/cron';

type Listed = { job: JobDefinition; run: JobRun | undefined };

const statusOf = { ok: 'succeeded', skipped: 'skipped', failed: 'failed', running: 'running' } as const;

function Result({ run }: { run: JobRun | undefined }) {
  if (!run) return <span className="text-muted">Never ran</span>;
  const skipped = skippedBecause(run);
  return (
    <span className="flex max-w-60 flex-col gap-1">
      <StatusBadge status={statusOf[run.outcome as keyof typeof statusOf] ?? 'unknown'} />
      {skipped && <span className="text-meta text-muted">{skipped}</span>}
    </span>
  );
}

const tookMs = (run: JobRun | undefined): number | null =>
  run?.finishedAt ? run.finishedAt.getTime() - run.startedAt.getTime() : null;

function Found({ run }: { run: JobRun | undefined }) {
  const text = run?.error ?? (run?.report ? JSON.stringify(run.report, null, 1) : null);
  if (!text) return <span className="text-muted">–</span>;
  return (
    <details>
      <summary className="link">{run?.error ? 'Error' : 'Report'}</summary>
      <pre className="max-w-80 overflow-x-auto text-meta whitespace-pre-wrap wrap-anywhere">{text.slice(0, 4_000)}</pre>
    </details>
  );
}

export function JobTable({ data, now }: { data: CardData<Listed[]>; now: Date }) {
  if (!data.ok)
    return (
      <ErrorState title="Could not load the jobs." retryHref="/support">
        {data.reason}
      </ErrorState>
    );
  return (
    <Card title="Jobs" note="Schedules are UTC">
      <DataTable
        caption="Scheduled jobs"
        rows={data.data}
        rowKey={({ job }) => job.name}
        empty={<p className="text-muted">No jobs are registered.</p>}
        id="jobs"
        columns={[
          {
            id: 'name',
            head: 'Name',
            priority: 'name',
            cell: ({ job }) => (
              <span className="flex max-w-96 flex-col">
                <code>{job.name}</code>
                <span className="text-meta font-normal text-muted">{job.description}</span>
              </span>
            ),
          },
          { id: 'result', head: 'Last result', priority: 'second', cell: ({ run }) => <Result run={run} /> },
          {
            id: 'schedule',
            head: 'Schedule',
            cell: ({ job }) => (job.schedule ? <Schedule cron={job.schedule} /> : 'When asked'),
          },
          { id: 'last', head: 'Last run', cell: ({ run }) => <Time instant={run?.startedAt ?? null} now={now} /> },
          { id: 'took', head: 'Took', align: 'end', cell: ({ run }) => formatDuration(tookMs(run)) },
          { id: 'found', head: 'Found', cell: ({ run }) => <Found run={run} /> },
        ]}
        actions={({ job, run }) =>
          run?.outcome === 'running' ? (
            <span className="text-meta text-muted">
              Running since <Time instant={run.startedAt} now={now} mode="absolute" />
            </span>
          ) : (
            <ConfirmDialog
              trigger="Run now…"
              triggerClassName="btn btn-quiet whitespace-nowrap"
              title={`Run ${job.name} now?`}
              confirmLabel="Run job"
              pending="Running"
              action={runJobAction}
              hidden={{ job: job.name }}
            >
              {job.description} Its run and your name are recorded.
            </ConfirmDialog>
          )
        }
      />
    </Card>
  );
}

const Schedule = ({ cron }: { cron: string }) => (
  <span className="flex flex-col">
    {cronWords(cron)}, UTC
    <code className="text-meta text-muted">{cron}</code>
  </span>
);

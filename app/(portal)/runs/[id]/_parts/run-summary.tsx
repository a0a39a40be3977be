/** The top of a run's page: how it stands, when, how long, by what; and what may be done with it. */
import { LinkButton } from '@/app/_ui/button';
import { CopyButton } from '@/app/_ui/copy-button';
import { formatCount, formatDuration, formatInstant } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import { PageHeader } from '@/app/_ui/page-header';
import { StatusBadge } from '@/app/_ui/status-badge';
import { exactly } from '@/app/_ui/time';
import { ObservedBadge, observedMeans, orchestratorName } from '@/app/(portal)/_runs/observed';
import { runsHref } from '@/app/(portal)/_runs/run-links';
import { runStatusLook } from '@/app/(portal)/_runs/run-status';
import { Facts } from '@/app/(portal)/runs/_parts/facts';
import { checksText } from '@/app/(portal)/runs/_parts/run-table';
import { Trigger, triggeredOf } from '@/app/(portal)/runs/_parts/trigger';
import { hasEnded } from '@/lib/domains/runs/rules';
import type { Run } from '@/lib/domains/runs/tables';

const reasons: Record<string, string> = {
  quota_exceeded: 'The daily or monthly limit of runs was reached when a worker last asked for it.',
  concurrency_exceeded: 'As many runs as may run at once were running when a worker last asked for it.',
  subscription_inactive: 'The subscription did not allow runs when a worker last asked for it.',
  customer_suspended: 'The organization was suspended when a worker last asked for it.',
};

/** What a run that has not ended waits for. */
function movingText(run: Run): string | null {
  if (run.status === 'RUNNING')
    return run.cancelRequestedAt ? 'Its worker is told to stop with its next report or heartbeat.' : null;
  if (run.status !== 'PENDING') return null;
  const reason = run.pendingReason
    ? (reasons[run.pendingReason] ?? `It was refused: ${run.pendingReason}.`)
    : 'It waits for a worker to claim it.';
  return run.pendingExpiresAt
    ? `${reason} If none starts it, it is cancelled on ${formatInstant(run.pendingExpiresAt)}.`
    : reason;
}

type Props = { run: Run; now: Date; mayAct: boolean; viewOnly?: { admins: readonly string[] } };

export function RunHeader({ run, mayAct, viewOnly }: Omit<Props, 'now'>) {
  const id = run.pipelineLoggingId;
  const isObserved = run.origin === 'observed';
  const mayCancel = run.status === 'PENDING' || (run.status === 'RUNNING' && !run.cancelRequestedAt);
  return (
    <PageHeader
      title={run.pipelineId}
      sentence={
        <Link className="link" href={runsHref({ pipeline: run.pipelineId })}>
          All runs of this pipeline
        </Link>
      }
      viewOnly={viewOnly}
      actions={
        <>
          {hasEnded(run) && (
            <LinkButton href={`/runs/${id}?compare=last-good`}>Compare with the last good run</LinkButton>
          )}
          {mayAct && !isObserved && mayCancel && <LinkButton href={`/runs/cancel?run=${id}`}>Cancel…</LinkButton>}
          {mayAct && !isObserved && hasEnded(run) && (
            <LinkButton variant="primary" icon="rotate-cw" href={`/runs/again?run=${id}`}>
              Run again…
            </LinkButton>
          )}
        </>
      }
    />
  );
}

export function RunSummary({ run, now }: Pick<Props, 'run' | 'now'>) {
  const isObserved = run.origin === 'observed';
  const waits = movingText(run);
  const took = run.durationMs ?? (run.status === 'RUNNING' ? now.getTime() - run.startTime.getTime() : null);
  return (
    <section className="card flex flex-col gap-3 p-4" aria-label="Summary">
      <div className="flex flex-wrap items-center gap-2">
        <StatusBadge status={runStatusLook[run.status]} detail={waits ?? undefined} />
        {isObserved && <ObservedBadge />}
      </div>
      <div className="grid gap-x-8 gap-y-1 sm:grid-cols-2">
        <Facts
          facts={[
            [run.status === 'PENDING' ? 'Asked for' : 'Started', exactly(run.startTime)],
            [run.status === 'RUNNING' ? 'So far' : 'Duration', formatDuration(took)],
            isObserved
              ? ['Orchestrator', orchestratorName(run.orchestrator) ?? '–']
              : ['Trigger', <Trigger key="trigger" run={triggeredOf(run)} />],
          ]}
        />
        <Facts
          facts={[
            ['Rows', formatCount(run.rowsProcessed)],
            ['Checks', checksText(run.checkCount, run.checksFailed)],
            isObserved ? ['Job', run.jobName ?? '–'] : ['Worker', run.workerInstance ?? '–'],
          ]}
        />
      </div>
      {isObserved && (
        <p className="max-w-prose text-table text-muted">
          {observedMeans} It is cancelled or run again there, not here.
        </p>
      )}
      <p className="flex flex-wrap items-center gap-2 text-table text-muted">
        Run id <code className="wrap-anywhere">{run.pipelineLoggingId}</code>
        <CopyButton value={run.pipelineLoggingId} label="Copy run id" noun="id" />
      </p>
    </section>
  );
}

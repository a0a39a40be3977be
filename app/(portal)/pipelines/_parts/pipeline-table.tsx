/** The pipelines of the last 30 days, a row each; every number leads to the runs that it counts. */
import { LinkButton } from '@/app/_ui/button';
import { type Column, DataTable } from '@/app/_ui/data-table';
import { formatCount, formatDuration, formatPlural } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import { hrefWith, type ListParams } from '@/app/_ui/list-params';
import { Pager } from '@/app/_ui/pager';
import { Sparkline } from '@/app/_ui/sparkline';
import { EmptyState } from '@/app/_ui/states';
import { StatusBadge } from '@/app/_ui/status-badge';
import { Time } from '@/app/_ui/time';
import { firstDayOf, runHref, runsHref } from '@/app/(portal)/_runs/run-links';
import { runStatusLook } from '@/app/(portal)/_runs/run-status';
import type { NextRun } from '@/lib/domains/providers/next-runs';
import { type Pipeline, pipelineDays } from '@/lib/domains/runs/reads/pipelines';

type Look = {
  now: Date;
  today: string;
  mode: 'relative' | 'absolute';
  /** When schedules run them next. */
  nextRuns: ReadonlyMap<string, NextRun>;
};

function Moving({ pipelineId, status, count }: { pipelineId: string; status: 'RUNNING' | 'PENDING'; count: number }) {
  if (count === 0) return null;
  return (
    <Link className="link-quiet" href={runsHref({ pipeline: pipelineId, status })}>
      <StatusBadge status={runStatusLook[status]} detail={count > 1 ? formatCount(count) : undefined} />
      <span className="sr-only"> runs of {pipelineId}</span>
    </Link>
  );
}

function LastResult({ pipeline: { pipelineId, last, running, pending } }: { pipeline: Pipeline }) {
  return (
    <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
      {last && (
        <Link className="link-quiet" href={runHref(last.runId)}>
          <StatusBadge status={runStatusLook[last.status]} />
          <span className="sr-only"> last run of {pipelineId}</span>
        </Link>
      )}
      <Moving pipelineId={pipelineId} status="RUNNING" count={running} />
      <Moving pipelineId={pipelineId} status="PENDING" count={pending} />
    </span>
  );
}

function Succeeded({ pipeline, today }: { pipeline: Pipeline; today: string }) {
  const { pipelineId, succeeded, failed } = pipeline;
  if (succeeded + failed === 0) return <span className="text-muted">not measured</span>;
  const from = firstDayOf(pipelineDays, today);
  return (
    <Link className="link-quiet" href={runsHref({ pipeline: pipelineId, status: 'COMPLETED', from })}>
      {formatCount(succeeded)} of {formatCount(succeeded + failed)}
      <span className="sr-only"> runs of {pipelineId} succeeded</span>
    </Link>
  );
}

function Failed({ pipeline: { pipelineId, failed7Days }, today }: { pipeline: Pipeline; today: string }) {
  if (failed7Days === 0) return '0';
  return (
    <Link
      className="link-quiet font-semibold text-bad"
      href={runsHref({ pipeline: pipelineId, status: 'FAILED', from: firstDayOf(7, today) })}
    >
      {formatCount(failed7Days)}
      <span className="sr-only"> failed runs of {pipelineId} in 7 days</span>
    </Link>
  );
}

/** "Median duration by day, 12 of 30 days: from 40 s to 3 min, last 2 min." */
function trendWords({ dayP50Ms }: Pipeline): string {
  const measured = dayP50Ms.filter(value => value !== null);
  const range =
    measured.length > 1
      ? `from ${formatDuration(Math.min(...measured))} to ${formatDuration(Math.max(...measured))}, last `
      : '';
  return `Median duration by day, ${measured.length} of ${pipelineDays} days: ${range}${formatDuration(measured.at(-1))}`;
}

const duration = (ms: number | null) =>
  ms === null ? <span className="text-muted">not measured</span> : formatDuration(ms);

/** Leads to the config whose schedule it is, or to those of the pipeline. */
function Next({ pipelineId, now, mode, nextRuns }: { pipelineId: string } & Omit<Look, 'today'>) {
  const next = nextRuns.get(pipelineId);
  if (!next) return <span className="text-muted">–</span>;
  const href = next.configId
    ? `/providers/${encodeURIComponent(next.configId)}`
    : hrefWith('/providers', { q: pipelineId }, {});
  return (
    <Link className="link-quiet" href={href}>
      <Time instant={next.at} now={now} mode={mode} />
      <span className="sr-only">, schedule of {pipelineId}</span>
    </Link>
  );
}

/** "Job daily load in airflow"; the job's name only where it is another than the pipeline's. */
function JobOf({ pipeline: { pipelineId, job } }: { pipeline: Pipeline }) {
  if (job === null) return null;
  return (
    <span className="block text-meta text-muted wrap-anywhere">
      {job.name === pipelineId ? `Namespace ${job.namespace}` : `Job ${job.name} in ${job.namespace}`}
    </span>
  );
}

const columns = ({ now, today, mode, nextRuns }: Look): Column<Pipeline>[] => [
  {
    id: 'name',
    head: 'Pipeline',
    priority: 'name',
    sortable: true,
    cell: pipeline => (
      <>
        <Link className="link wrap-anywhere" href={runsHref({ pipeline: pipeline.pipelineId })}>
          {pipeline.pipelineId}
        </Link>
        <JobOf pipeline={pipeline} />
      </>
    ),
  },
  {
    id: 'state',
    head: 'Last result',
    priority: 'second',
    sortable: true,
    cell: pipeline => <LastResult pipeline={pipeline} />,
  },
  {
    id: 'last',
    head: 'Started',
    sortable: true,
    cell: ({ last }) => <Time instant={last?.startTime ?? null} now={now} mode={mode} none="–" />,
  },
  {
    id: 'next',
    head: 'Next run',
    cell: ({ pipelineId }) => <Next pipelineId={pipelineId} now={now} mode={mode} nextRuns={nextRuns} />,
  },
  {
    id: 'rate',
    head: 'Succeeded',
    align: 'end',
    sortable: true,
    cell: pipeline => <Succeeded pipeline={pipeline} today={today} />,
  },
  {
    id: 'failed',
    head: 'Failed, 7 days',
    align: 'end',
    sortable: true,
    cell: pipeline => <Failed pipeline={pipeline} today={today} />,
  },
  { id: 'p50', head: 'p50', align: 'end', sortable: true, cell: ({ p50Ms }) => duration(p50Ms) },
  { id: 'p95', head: 'p95', align: 'end', sortable: true, cell: ({ p95Ms }) => duration(p95Ms) },
  {
    id: 'trend',
    head: 'Duration by day',
    cell: pipeline => <Sparkline label={trendWords(pipeline)} values={pipeline.dayP50Ms} />,
  },
];

type Props = Look & { pipelines: readonly Pipeline[]; found: number; offset: number; params: ListParams };

export const pipelinesAPage = 50;

export function PipelineTable({ pipelines, found, offset, params, ...look }: Props) {
  const next = offset + pipelines.length;
  return (
    <DataTable
      caption={`Pipelines, ${formatPlural(found, 'row')}`}
      columns={columns(look)}
      rows={pipelines}
      rowKey={pipeline => pipeline.pipelineId}
      sorting={{ path: '/pipelines', params, initial: { sort: 'state', dir: 'asc' } }}
      empty={
        <EmptyState
          icon="search"
          title="No pipeline matches this search."
          action={<LinkButton href="/pipelines">Clear all</LinkButton>}
        />
      }
      footer={
        <Pager
          path="/pipelines"
          params={params}
          shown={pipelines.length}
          total={found}
          firstPosition={offset + 1}
          nextCursor={next < found ? String(next) : undefined}
        />
      }
    />
  );
}

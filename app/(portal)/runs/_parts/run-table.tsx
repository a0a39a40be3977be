/** The list of runs: columns, selection, paging and its empty states. */
import { LinkButton } from '@/app/_ui/button';
import { type Column, DataTable } from '@/app/_ui/data-table';
import { formatCount, formatDuration, formatInstant } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import type { ListParams } from '@/app/_ui/list-params';
import { Pager } from '@/app/_ui/pager';
import { EmptyState } from '@/app/_ui/states';
import { StatusBadge } from '@/app/_ui/status-badge';
import { Time } from '@/app/_ui/time';
import { runHref } from '@/app/(portal)/_runs/run-links';
import { runStatusLook } from '@/app/(portal)/_runs/run-status';
import { Trigger } from '@/app/(portal)/runs/_parts/trigger';
import { maskSecrets } from '@/lib/domains/runs/explain/mask-secrets';
import type { ListedRun } from '@/lib/domains/runs/reads/run-list';

type Look = { now: Date; timeMode: 'relative' | 'absolute'; updating: ReadonlySet<string> };

const errorSigns = 80;

/** The first signs of an error, secrets taken out before it is cut. */
export function shortError(message: string | null): string | null {
  if (message === null) return null;
  const signs = [...maskSecrets(message).replace(/\s+/g, ' ').trim()];
  return signs.length > errorSigns ? `${signs.slice(0, errorSigns).join('')}…` : signs.join('');
}

/** "2 of 14 failed", "14 passed"; a dash where there were none. */
export function checksText(checks: number | null, failed: number | null): string {
  if (!checks) return '–';
  return failed ? `${formatCount(failed)} of ${formatCount(checks)} failed` : `${formatCount(checks)} passed`;
}

function Checks({ run }: { run: ListedRun }) {
  const text = checksText(run.check_count, run.checks_failed);
  const tone = run.checks_failed ? 'font-medium text-bad' : 'text-muted';
  return <span className={`whitespace-nowrap ${tone}`}>{text}</span>;
}

function runColumns({ now, timeMode, updating }: Look): Column<ListedRun>[] {
  return [
    {
      id: 'pipeline',
      head: 'Pipeline',
      priority: 'name',
      cell: run => (
        <Link
          className="link block max-w-full truncate sm:max-w-60"
          href={runHref(run.pipeline_logging_id)}
          title={run.pipeline_id}
        >
          {run.pipeline_id}
        </Link>
      ),
    },
    {
      id: 'status',
      head: 'Status',
      priority: 'second',
      cell: run => (
        <StatusBadge
          status={runStatusLook[run.status]}
          detail={updating.has(run.pipeline_logging_id) ? 'updating' : undefined}
        />
      ),
    },
    { id: 'started', head: 'Started', cell: run => <Time instant={run.start_time} now={now} mode={timeMode} /> },
    {
      id: 'duration',
      head: 'Duration',
      align: 'end',
      // No break within, so that no element is needed for it.
      cell: run => formatDuration(run.duration_ms).replaceAll(' ', '\u00a0'),
    },
    {
      id: 'trigger',
      head: 'Trigger',
      cell: run => (
        <Trigger
          run={{
            triggerType: run.trigger_type,
            triggerBy: run.trigger_by,
            askedBy: run.created_by,
            apiKeyId: run.api_key_id,
            origin: run.origin,
            orchestrator: run.orchestrator,
          }}
        />
      ),
    },
    { id: 'rows', head: 'Rows', align: 'end', cell: run => formatCount(run.rows_processed) },
    { id: 'checks', head: 'Checks', cell: run => <Checks run={run} /> },
    {
      id: 'error',
      head: 'Error',
      cell: run => {
        const text = shortError(run.error_message);
        return text === null ? '–' : <span className="wrap-anywhere text-muted">{text}</span>;
      },
    },
  ];
}

type Props = Look & {
  rows: ListedRun[];
  nextCursor: string | null;
  params: ListParams;
  isFiltered: boolean;
  /** Id of the form that takes the chosen runs; none for those who may not act. */
  formId?: string;
};

export function RunTable({ rows, nextCursor, params, isFiltered, formId, ...look }: Props) {
  return (
    <DataTable
      caption="Runs"
      columns={runColumns(look)}
      rows={rows}
      rowKey={run => run.pipeline_logging_id}
      selection={
        formId
          ? {
              formId,
              name: 'run',
              value: run => run.pipeline_logging_id,
              label: run => `Choose ${run.pipeline_id}, started ${formatInstant(run.start_time)}`,
            }
          : undefined
      }
      empty={<NoMatch isFiltered={isFiltered} />}
      footer={<Pager path="/runs" params={params} shown={rows.length} nextCursor={nextCursor ?? undefined} sized />}
    />
  );
}

function NoMatch({ isFiltered }: { isFiltered: boolean }) {
  if (!isFiltered)
    return (
      <EmptyState icon="workflow" title="No runs in the last 90 days.">
        Choose days above to see older ones.
      </EmptyState>
    );
  return (
    <EmptyState
      icon="search"
      title="No run matches these filters."
      action={<LinkButton href="/runs">Clear all</LinkButton>}
    />
  );
}

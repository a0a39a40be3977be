/** What changed since a good run: one table, what broke first, then what was changed, then the steps by how much slower they are. */
import { Card } from '@/app/_ui/card';
import { type Column, DataTable } from '@/app/_ui/data-table';
import { formatCount, formatDuration, formatInstant, formatPercent, formatPlural } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import { ErrorState } from '@/app/_ui/states';
import { StatusBadge } from '@/app/_ui/status-badge';
import { runHref } from '@/app/(portal)/_runs/run-links';
import type { Change } from '@/lib/domains/runs/explain/compare-runs';
import { maskJson, maskSecrets } from '@/lib/domains/runs/explain/mask-secrets';
import type { Comparison } from '@/lib/domains/runs/reads/run-compare';
import type { Run } from '@/lib/domains/runs/tables';
import type { CardData } from '@/lib/edge/portal/page-card';

const none = '–';

const statusWords: Record<string, string> = {
  COMPLETED: 'succeeded',
  FAILED: 'failed',
  SKIPPED: 'skipped',
  RUNNING: 'running',
  PENDING: 'queued',
  PASS: 'passed',
  WARNING: 'warning',
  FAIL: 'failed',
};

const subjects: Record<Change['kind'], (subject: string | null) => string> = {
  step_status: subject => `Step “${subject}”`,
  step_missing: subject => `Step “${subject}”`,
  step_new: subject => `Step “${subject}”`,
  check: subject => `Check “${subject}”`,
  config: () => 'Config version',
  parameter: subject => `Parameter ${subject}`,
  duration: subject => (subject === null ? 'Duration of the run' : `Duration of step “${subject}”`),
  rows: subject => (subject === null ? 'Rows of the run' : `Rows of step “${subject}”`),
};

/** A parameter by a secret's name shows nothing of its value. */
function parameterText(change: Change, value: string): string {
  const name = change.subject?.split('.').at(-1) ?? '';
  const shown = maskJson({ [name]: maskSecrets(value) }) as Record<string, string>;
  return shown[name] ?? none;
}

function valueText(change: Change, value: Change['before']): string {
  if (value === null) return change.kind === 'step_missing' || change.kind === 'step_new' ? 'not there' : none;
  if (typeof value === 'number') return change.kind === 'duration' ? formatDuration(value) : formatCount(value);
  if (change.kind === 'parameter') return parameterText(change, value);
  return statusWords[value] ?? value;
}

/** "+1 min 40 s (+66 %)". */
export function changeText({ kind, before, after }: Change): string {
  if (typeof before !== 'number' || typeof after !== 'number') return none;
  const [sign, size] = [after >= before ? '+' : '−', Math.abs(after - before)];
  const amount = kind === 'duration' ? formatDuration(size) : formatCount(size);
  return before === 0 ? `${sign}${amount}` : `${sign}${amount} (${sign}${formatPercent(size, before)})`;
}

const columns: Column<Change>[] = [
  { id: 'what', head: 'What', priority: 'name', cell: change => subjects[change.kind](change.subject) },
  {
    id: 'before',
    head: 'Good run',
    cell: change => <span className="wrap-anywhere">{valueText(change, change.before)}</span>,
  },
  {
    id: 'after',
    head: 'This run',
    cell: change => (
      <span className={`wrap-anywhere ${change.isWorse ? 'font-medium text-bad' : ''}`}>
        {valueText(change, change.after)}
      </span>
    ),
  },
  { id: 'change', head: 'Change', align: 'end', cell: changeText },
];

type Props = { run: Run; comparison: CardData<Comparison>; requestId: string };

export function CompareCard({ run, comparison, requestId }: Props) {
  if (!comparison.ok)
    return (
      <ErrorState title="Could not compare the runs." retryHref={runHref(run.pipelineLoggingId)} requestId={requestId}>
        {comparison.reason}
      </ErrorState>
    );
  const { other } = comparison.data;
  if (other === null)
    return (
      <Card title="What changed?">
        <p className="text-muted">No earlier run of this pipeline succeeded in the 90 days before this one.</p>
      </Card>
    );
  const { changes, alike } = comparison.data;
  return (
    <Card
      title="What changed?"
      note={
        <>
          Compared with the{' '}
          <Link className="link" href={runHref(other.pipelineLoggingId)}>
            run of {formatInstant(other.startTime)}
          </Link>
        </>
      }
    >
      {other.status !== 'COMPLETED' && <StatusBadge status="warning" detail="That run did not succeed itself." />}
      {other.pipelineId !== run.pipelineId && (
        <StatusBadge status="warning" detail={`That run is of another pipeline: ${other.pipelineId}.`} />
      )}
      <DataTable
        id="comparison"
        caption="Changes since the good run"
        columns={columns}
        rows={changes}
        rowKey={change => `${change.kind} ${change.subject}`}
        empty={<p>Nothing: steps, checks, parameters and config version are as they were.</p>}
      />
      {changes.length > 0 && alike > 0 && (
        <p className="text-table text-muted">{formatPlural(alike, 'step')} ended alike and took about the same time.</p>
      )}
    </Card>
  );
}

/** The steps of a run as a timeline, failed ones first; what a step is made of stands below it or is folded into it. */
import { Card } from '@/app/_ui/card';
import { formatCount, formatPlural } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import type { Status } from '@/app/_ui/status';
import { exactly } from '@/app/_ui/time';
import { Timeline, type TimelineRow } from '@/app/_ui/timeline';
import { Facts } from '@/app/(portal)/runs/_parts/facts';
import { JsonText, WrittenText } from '@/app/(portal)/runs/_parts/json-text';
import { otherMetadata, type PlacedStep, placedSteps } from '@/lib/domains/runs/explain/reported-step';
import type { Parts } from '@/lib/domains/runs/reads/run-page';
import type { RunStep } from '@/lib/domains/runs/reads/run-parts';
import type { Run } from '@/lib/domains/runs/tables';

const looks: Record<RunStep['status'], Status> = {
  PENDING: 'queued',
  RUNNING: 'running',
  COMPLETED: 'succeeded',
  FAILED: 'failed',
  SKIPPED: 'skipped',
};

const detailOf = ({ step, within, statements }: PlacedStep, of: Whole) => (
  <>
    {step.error_message && <WrittenText label="Error" text={step.error_message} />}
    <Facts
      facts={[
        ['Kind', step.step_type],
        ['Within', within],
        ['Started', exactly(step.start_time)],
        ['Ended', step.end_time && exactly(step.end_time)],
        ['Rows', step.rows_processed === null ? null : formatCount(step.rows_processed)],
        ['Step id', <code key="id">{step.step_logging_id}</code>],
      ]}
    />
    {step.statement && <WrittenText label={`SQL of ${step.step_name}`} text={step.statement.trim()} />}
    {statements.length > 0 && (
      <Timeline
        label={`Statements of ${step.step_name}`}
        rows={statements.map(statement => rowOf({ step: statement, depth: 0, within: null, statements: [] }, of))}
        totalMs={of.totalMs}
      />
    )}
    <Metadata step={step} />
    {step.metadata_left_out && <p className="text-muted">Its metadata is too long to show here. The API has it.</p>}
  </>
);

/** Facets of an orchestrator are many, and stand folded. */
function Metadata({ step }: { step: RunStep }) {
  const metadata = otherMetadata(step);
  if (metadata === null) return null;
  const text = <JsonText label={`Metadata of ${step.step_name}`} value={metadata} />;
  if (step.job_run_id === null) return text;
  return (
    <details className="disclosure">
      <summary>Facets as they were reported</summary>
      <div className="pt-2">{text}</div>
    </details>
  );
}

/** What rows are drawn against. */
type Whole = { run: Run; now: Date; totalMs: number };

/** A step that runs has come as far as the page's present. */
function lengthOf(step: RunStep, { run, now }: Omit<Whole, 'totalMs'>): number | null {
  if (step.status === 'SKIPPED') return null;
  const goesOn = step.status === 'RUNNING' && run.endTime === null;
  return goesOn ? Math.max(0, now.getTime() - step.start_time.getTime()) : step.duration_ms;
}

const startOf = (step: RunStep, run: Run): number => step.start_time.getTime() - run.startTime.getTime();

/** "model · 182,004 rows · 6 statements". */
function noteOf({ step, statements }: PlacedStep, { run }: Whole): string | undefined {
  const parts = [
    run.origin === 'observed' ? step.step_type : null,
    step.rows_processed === null ? null : formatPlural(step.rows_processed, 'row'),
    statements.length === 0 ? null : formatPlural(statements.length, 'statement'),
  ];
  return parts.filter(part => part !== null).join(' · ') || undefined;
}

function rowOf(placed: PlacedStep, of: Whole): TimelineRow {
  const { step, depth, within, statements } = placed;
  return {
    id: step.step_logging_id,
    place: String(step.step_index + 1),
    name: step.step_name,
    status: looks[step.status],
    depth,
    ...(within !== null && { within }),
    startMs: startOf(step, of.run),
    durationMs: lengthOf(step, of),
    note: noteOf(placed, of),
    detail: detailOf(placed, of),
    open: statements.some(({ status }) => status === 'FAILED'),
  };
}

type Props = { run: Run; steps: Parts<RunStep>; now: Date; isLaterPage: boolean };

export function StepsCard({ run, steps, now, isLaterPage }: Props) {
  const href = `/runs/${run.pipelineLoggingId}`;
  const wholeMs = (run.endTime ?? now).getTime() - run.startTime.getTime();
  const ends = steps.rows.map(step => startOf(step, run) + (lengthOf(step, { run, now }) ?? 0));
  const of = { run, now, totalMs: Math.max(wholeMs, ...ends) };
  const rows = placedSteps(steps.rows, run.jobName).map(placed => rowOf(placed, of));
  const shown = steps.rows.length;
  const total = Math.max(run.stepCount, shown);
  return (
    <Card title={`Steps (${formatCount(total)})`} note={run.status === 'PENDING' ? undefined : 'Failed steps first'}>
      {rows.length === 0 ? (
        <p className="text-muted">{isLaterPage ? 'There are no more steps.' : 'No steps were reported.'}</p>
      ) : (
        <Timeline label="Steps" rows={rows} totalMs={of.totalMs} />
      )}
      <More
        shown={shown}
        total={total}
        first={isLaterPage ? href : undefined}
        next={steps.nextCursor ? `${href}?steps_after=${encodeURIComponent(steps.nextCursor)}` : undefined}
        noun="steps"
      />
    </Card>
  );
}

type MoreProps = { shown: number; total: number; first?: string; next?: string; noun: string };

/** How much of a long list is shown, and the ways to the rest. */
export function More({ shown, total, first, next, noun }: MoreProps) {
  if (!first && !next) return null;
  return (
    <nav aria-label={`Pages of ${noun}`} className="flex flex-wrap items-center justify-between gap-3">
      <p className="text-table text-muted tabular-nums">
        {formatCount(shown)} of {formatCount(total)} shown
      </p>
      <div className="flex gap-2">
        {first && (
          <Link className="btn btn-plain" href={first}>
            First {noun}
          </Link>
        )}
        {next && (
          <Link className="btn btn-plain" href={next}>
            Next {noun}
          </Link>
        )}
      </div>
    </nav>
  );
}

/** The steps of a run as a timeline, failed ones first. */
import { Card } from '@/app/_ui/card';
import { formatCount, formatPlural } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import type { Status } from '@/app/_ui/status';
import { exactly } from '@/app/_ui/time';
import { Timeline, type TimelineRow } from '@/app/_ui/timeline';
import { Facts } from '@/app/(portal)/runs/_parts/facts';
import { JsonText, WrittenText } from '@/app/(portal)/runs/_parts/json-text';
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

const detailOf = (step: RunStep) => (
  <>
    {step.error_message && <WrittenText label="Error" text={step.error_message} />}
    <Facts
      facts={[
        ['Kind', step.step_type],
        ['Started', exactly(step.start_time)],
        ['Ended', step.end_time && exactly(step.end_time)],
        ['Rows', step.rows_processed === null ? null : formatCount(step.rows_processed)],
        ['Step id', <code key="id">{step.step_logging_id}</code>],
      ]}
    />
    {step.metadata !== null && <JsonText label={`Metadata of ${step.step_name}`} value={step.metadata} />}
    {step.metadata_left_out && <p className="text-muted">Its metadata is too long to show here. The API has it.</p>}
  </>
);

/** A step that runs has come as far as the page's present. */
function rowOf(step: RunStep, run: Run, now: Date): TimelineRow {
  const startMs = step.start_time.getTime() - run.startTime.getTime();
  const goesOn = step.status === 'RUNNING' && run.endTime === null;
  return {
    id: step.step_logging_id,
    place: String(step.step_index + 1),
    name: step.step_name,
    status: looks[step.status],
    startMs,
    durationMs: goesOn ? Math.max(0, now.getTime() - step.start_time.getTime()) : step.duration_ms,
    note: step.rows_processed === null ? undefined : formatPlural(step.rows_processed, 'row'),
    detail: detailOf(step),
  };
}

type Props = { run: Run; steps: Parts<RunStep>; now: Date; isLaterPage: boolean };

export function StepsCard({ run, steps, now, isLaterPage }: Props) {
  const href = `/runs/${run.pipelineLoggingId}`;
  const rows = steps.rows.map(step => rowOf(step, run, now));
  const wholeMs = (run.endTime ?? now).getTime() - run.startTime.getTime();
  const totalMs = Math.max(wholeMs, ...rows.map(({ startMs, durationMs }) => startMs + (durationMs ?? 0)));
  const total = Math.max(run.stepCount, rows.length);
  return (
    <Card title={`Steps (${formatCount(total)})`} note={run.status === 'PENDING' ? undefined : 'Failed steps first'}>
      {rows.length === 0 ? (
        <p className="text-muted">{isLaterPage ? 'There are no more steps.' : 'No steps were reported.'}</p>
      ) : (
        <Timeline label="Steps" rows={rows} totalMs={totalMs} />
      )}
      <More
        shown={rows.length}
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

/** Stores reported steps: the first report of an id makes the row, later ones say what was learned since. */
import { getTableColumns, inArray, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { stepInput } from '@/lib/domains/runs/input';
import { stepLogsMirror } from '@/lib/domains/runs/mirror';
import { type Item, refuse, wrong } from '@/lib/domains/runs/reports/report-items';
import { outsideWindow } from '@/lib/domains/runs/reports/report-window';
import { limitReached, type Totals } from '@/lib/domains/runs/reports/reported-run';
import { maxReportsPerRun, mayFollow } from '@/lib/domains/runs/rules';
import { type Run, type StepLog, stepLogs } from '@/lib/domains/runs/tables';
import type { MirrorRef } from '@/lib/kernel/outbox';
import type { Tx } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

type Step = z.output<typeof stepInput>;

/** What a report stored: its items with what became of each, totals of the run, and rows of BigQuery that are out of date. */
export type Stored<Value> = { items: Item<Value>[]; totals: Partial<Totals>; mirror: MirrorRef[] };

const foreignId = () => new AppError('conflict', 'This step_logging_id belongs to another run. Use a new UUID.');

function goesBack(before: StepLog['status'], after: Step['status']): AppError {
  const message = `This step is ${before} and does not become ${after}. Another try has an id of its own.`;
  return new AppError('step_goes_back', message, { fields: [{ path: 'status', message }] });
}

/** The step's row after the report: what the report does not say stays as it was said, and so does the start. */
function rowOf(run: Run, step: Step, before: StepLog | undefined): StepLog {
  const startTime = before?.startTime ?? step.start_time;
  const endTime = step.end_time ?? before?.endTime ?? null;
  return {
    stepLoggingId: step.step_logging_id.toLowerCase(),
    customerId: run.customerId,
    pipelineLoggingId: run.pipelineLoggingId,
    stepName: step.step_name,
    stepType: step.step_type,
    stepIndex: step.step_index,
    status: step.status,
    startTime,
    endTime,
    durationMs: endTime && Math.max(0, endTime.getTime() - startTime.getTime()),
    rowsProcessed: step.rows_processed ?? before?.rowsProcessed ?? null,
    errorMessage: step.error_message ?? before?.errorMessage ?? null,
    metadata: step.metadata ?? before?.metadata ?? null,
    updatedAt: new Date(),
  };
}

type Decided = { item: Item<Step>; before: StepLog | undefined; row: StepLog | null };

/** Whether the step is stored, and as what. `free` is how many new ones the run takes. */
function decide(run: Run, item: Item<Step>, before: StepLog | undefined, now: Date, free: number): Decided {
  const no = (refused: Item<Step>): Decided => ({ item: refused, before, row: null });
  if (item.value === null) return no(item);
  const step = item.value;
  const startProblem = outsideWindow(step.start_time, run.startTime, now);
  if (startProblem) return no(wrong(item, 'start_time', startProblem));
  const endProblem = step.end_time && outsideWindow(step.end_time, run.startTime, now);
  if (endProblem) return no(wrong(item, 'end_time', endProblem));
  if (before && before.pipelineLoggingId !== run.pipelineLoggingId) return no(refuse(item, foreignId()));
  if (before && !mayFollow(before.status, step.status)) return no(refuse(item, goesBack(before.status, step.status)));
  const row = rowOf(run, step, before);
  const hasEnded = row.status === 'COMPLETED' || row.status === 'FAILED';
  if (hasEnded && row.endTime === null) return no(wrong(item, 'end_time', 'A step that ended says when.'));
  if (!before && free <= 0) return no(refuse(item, limitReached('steps', run.stepCount)));
  return { item, before, row };
}

// start_time stays the first one sent: it is the partition in BigQuery, where a row must not move.
const changes = Object.fromEntries(
  Object.entries(getTableColumns(stepLogs))
    .filter(([name]) => !['stepLoggingId', 'customerId', 'pipelineLoggingId', 'startTime'].includes(name))
    .map(([name, column]) => [name, sql.raw(`excluded."${column.name}"`)]),
);

/** Writes the rows in the order of their ids; answers the ids that were written. One that another run took meanwhile is not. */
async function write(tx: Tx, run: Run, rows: StepLog[]): Promise<Set<string>> {
  if (rows.length === 0) return new Set();
  const written = await tx
    .insert(stepLogs)
    .values(rows.toSorted((a, b) => a.stepLoggingId.localeCompare(b.stepLoggingId)))
    .onConflictDoUpdate({
      target: stepLogs.stepLoggingId,
      set: changes,
      setWhere: sql`${stepLogs.pipelineLoggingId} = ${run.pipelineLoggingId}`,
    })
    .returning({ id: stepLogs.stepLoggingId });
  return new Set(written.map(({ id }) => id));
}

/** Stores the steps of a locked run. */
export async function storeSteps(tx: Tx, run: Run, items: Item<Step>[], now: Date): Promise<Stored<Step>> {
  const ids = items.flatMap(({ value }) => (value ? [value.step_logging_id] : []));
  const known = ids.length > 0 ? await tx.select().from(stepLogs).where(inArray(stepLogs.stepLoggingId, ids)) : [];
  const byId = new Map(known.map(step => [step.stepLoggingId, step]));
  let free = maxReportsPerRun - run.stepCount;
  const decided = items.map(item => {
    const before = item.value ? byId.get(item.value.step_logging_id.toLowerCase()) : undefined;
    const decision = decide(run, item, before, now, free);
    if (decision.row && !before) free--;
    return decision;
  });
  const written = await write(
    tx,
    run,
    decided.flatMap(({ row }) => row ?? []),
  );
  let [added, delta, said] = [0, 0, run.rowsProcessed !== null];
  const mirror: MirrorRef[] = [];
  const answered = decided.map(({ item, before, row }) => {
    if (row === null) return item;
    if (!written.has(row.stepLoggingId)) return refuse(item, foreignId());
    if (!before) added++;
    delta += (row.rowsProcessed ?? 0) - (before?.rowsProcessed ?? 0);
    said ||= row.rowsProcessed !== null;
    mirror.push(stepLogsMirror.ref(row));
    return item;
  });
  const rowsProcessed = said ? Math.min(Number.MAX_SAFE_INTEGER, (run.rowsProcessed ?? 0) + delta) : null;
  return { items: answered, totals: { stepCount: run.stepCount + added, rowsProcessed }, mirror };
}

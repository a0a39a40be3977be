/** Steps of a run as an orchestrator tells them: written where they changed, in the order of their starts. */
import { and, eq, getTableColumns, inArray, type SQL, sql } from 'drizzle-orm';
import { stepLogsMirror } from '@/lib/domains/runs/mirror';
import { isSameRow } from '@/lib/domains/runs/observe/same-row';
import { type StepLog, stepLogs } from '@/lib/domains/runs/tables';
import type { MirrorRef } from '@/lib/kernel/outbox';
import type { Tx } from '@/lib/platform/db';

/** The step’s row without what the store says: where it stands among the others, and when it was changed. */
export type ToldStep = Omit<StepLog, 'stepIndex' | 'updatedAt'>;

// A row stays in the partition of its first start; its place is said once all of a batch is written.
const changes = Object.fromEntries(
  Object.entries(getTableColumns(stepLogs))
    .filter(([name]) => !['stepLoggingId', 'customerId', 'pipelineLoggingId', 'startTime', 'stepIndex'].includes(name))
    .map(([name, column]) => [name, sql.raw(`excluded."${column.name}"`)]),
);

/** Steps of one run are put into order by whoever wrote to it last. `ids`: of these alone, as where a worker tells others itself. */
async function putInOrder(tx: Tx, runId: string, ids: readonly string[] | null): Promise<StepLog[]> {
  const these = ids === null ? sql`` : sql`AND step_logging_id = ANY (${sql.param([...ids])}::uuid[])`;
  const place: SQL = sql`(
    SELECT step_logging_id AS id,
      (row_number() OVER (ORDER BY start_time, step_name COLLATE "C", step_logging_id) - 1)::int AS place
    FROM step_logs WHERE pipeline_logging_id = ${runId} ${these}) AS sorted`;
  return tx
    .update(stepLogs)
    .set({ stepIndex: sql`sorted.place`, updatedAt: sql`clock_timestamp()` })
    .from(place as never)
    .where(sql`${stepLogs.stepLoggingId} = sorted.id AND ${stepLogs.stepIndex} <> sorted.place`)
    .returning(getTableColumns(stepLogs)) as unknown as Promise<StepLog[]>;
}

type Steps = {
  runId: string;
  /** Steps as they are told now. */
  told: readonly ToldStep[];
  /** Ids of steps that are none any more. */
  gone: readonly string[];
  /** Ids of all of the orchestrator’s steps where the run has others; null where all are its. */
  ordered: readonly string[] | null;
  /** Where a new step stands, as far as the caller knows, so that most rows are written once. */
  placeOf: (stepLoggingId: string) => number;
  now: Date;
};

/** Writes the steps of a locked run that changed; answers the rows of BigQuery that are out of date. */
export async function storeToldSteps(tx: Tx, steps: Steps): Promise<MirrorRef[]> {
  const { runId, told, gone, ordered, placeOf, now } = steps;
  const ids = told.map(({ stepLoggingId }) => stepLoggingId);
  const found = ids.length > 0 ? await tx.select().from(stepLogs).where(inArray(stepLogs.stepLoggingId, ids)) : [];
  const known = new Map(found.map(row => [row.stepLoggingId, row]));
  const changed = told.flatMap(step => {
    const before = known.get(step.stepLoggingId);
    if (before && isSameRow(before, step)) return [];
    return [{ ...step, stepIndex: before?.stepIndex ?? placeOf(step.stepLoggingId), updatedAt: now }];
  });
  const written =
    changed.length > 0
      ? await tx
          .insert(stepLogs)
          .values(changed.toSorted((a, b) => (a.stepLoggingId < b.stepLoggingId ? -1 : 1)))
          .onConflictDoUpdate({
            target: stepLogs.stepLoggingId,
            set: changes,
            setWhere: eq(stepLogs.pipelineLoggingId, runId),
          })
          .returning()
      : [];
  const removed =
    gone.length > 0
      ? await tx
          .delete(stepLogs)
          .where(and(inArray(stepLogs.stepLoggingId, [...gone]), eq(stepLogs.pipelineLoggingId, runId)))
          .returning()
      : [];
  const isOrdered = removed.length === 0 && changed.every(({ stepLoggingId }) => known.has(stepLoggingId));
  const moved = isOrdered ? [] : await putInOrder(tx, runId, ordered);
  const rows = new Map([...written, ...removed, ...moved].map(row => [row.stepLoggingId, row]));
  return [...rows.values()].map(stepLogsMirror.ref);
}

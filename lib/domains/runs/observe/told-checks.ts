/** Checks of a run as an orchestrator tells them: written where they changed. */
import { and, eq, getTableColumns, inArray, sql } from 'drizzle-orm';
import { dqResultsMirror } from '@/lib/domains/runs/mirror';
import { isSameRow } from '@/lib/domains/runs/observe/same-row';
import { type DqResult, dqResults } from '@/lib/domains/runs/tables';
import type { MirrorRef } from '@/lib/kernel/outbox';
import type { Tx } from '@/lib/platform/db';

// ingestion_date is the partition in BigQuery: a check of another day has another id.
const changes = Object.fromEntries(
  Object.entries(getTableColumns(dqResults))
    .filter(([name]) => !['dqResultId', 'customerId', 'pipelineLoggingId', 'ingestionDate'].includes(name))
    .map(([name, column]) => [name, sql.raw(`excluded."${column.name}"`)]),
);

/** Writes the checks of a locked run that changed, and takes out those that are none any more; answers the rows of BigQuery that are out of date. */
export async function storeToldChecks(
  tx: Tx,
  { runId, told, gone }: { runId: string; told: readonly DqResult[]; gone: readonly string[] },
): Promise<MirrorRef[]> {
  const ids = told.map(({ dqResultId }) => dqResultId);
  const found = ids.length > 0 ? await tx.select().from(dqResults).where(inArray(dqResults.dqResultId, ids)) : [];
  const known = new Map(found.map(row => [row.dqResultId, row]));
  const changed = told.filter(check => {
    const before = known.get(check.dqResultId);
    return !(before && isSameRow(before, check));
  });
  const written =
    changed.length > 0
      ? await tx
          .insert(dqResults)
          .values(changed.toSorted((a, b) => (a.dqResultId < b.dqResultId ? -1 : 1)))
          .onConflictDoUpdate({
            target: dqResults.dqResultId,
            set: changes,
            setWhere: eq(dqResults.pipelineLoggingId, runId),
          })
          .returning()
      : [];
  const removed =
    gone.length > 0
      ? await tx
          .delete(dqResults)
          .where(and(inArray(dqResults.dqResultId, [...gone]), eq(dqResults.pipelineLoggingId, runId)))
          .returning()
      : [];
  return [...written, ...removed].map(dqResultsMirror.ref);
}

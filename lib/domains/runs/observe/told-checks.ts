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

/** Rows of one statement, which takes 65,535 parameters. */
const rowsAtOnce = 2_000;

/** Writes checks that changed, new ones only as far as there is room. */
async function write(tx: Tx, runId: string, told: readonly DqResult[], room: number): Promise<DqResult[]> {
  const ids = told.map(({ dqResultId }) => dqResultId);
  const known = new Map(
    (await tx.select().from(dqResults).where(inArray(dqResults.dqResultId, ids))).map(row => [row.dqResultId, row]),
  );
  let free = room;
  const changed = told.filter(check => {
    const before = known.get(check.dqResultId);
    return before ? !isSameRow(before, check) : free-- > 0;
  });
  if (changed.length === 0) return [];
  return tx
    .insert(dqResults)
    .values(changed)
    .onConflictDoUpdate({
      target: dqResults.dqResultId,
      set: changes,
      setWhere: eq(dqResults.pipelineLoggingId, runId),
    })
    .returning();
}

type Checks = {
  runId: string;
  /** Checks as they are told now. */
  told: readonly DqResult[];
  /** Ids of checks that are none any more. */
  gone: readonly string[];
  /** How many more the run may keep. */
  room: number;
};

/** Writes the checks of a locked run that changed, and takes out those that are none any more; answers the rows of BigQuery that are out of date. */
export async function storeToldChecks(tx: Tx, { runId, told, gone, room }: Checks): Promise<MirrorRef[]> {
  const sorted = told.toSorted((a, b) => (a.dqResultId < b.dqResultId ? -1 : 1));
  const written: DqResult[] = [];
  for (let start = 0; start < sorted.length; start += rowsAtOnce) {
    const part = sorted.slice(start, start + rowsAtOnce);
    written.push(...(await write(tx, runId, part, Math.max(0, room - written.length))));
  }
  const removed =
    gone.length > 0
      ? await tx
          .delete(dqResults)
          .where(
            and(
              sql`${dqResults.dqResultId} = ANY (${sql.param([...gone])}::uuid[])`,
              eq(dqResults.pipelineLoggingId, runId),
            ),
          )
          .returning()
      : [];
  return [...written, ...removed].map(dqResultsMirror.ref);
}

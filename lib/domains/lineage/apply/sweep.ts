/** Looks at runs whose time has come: their start is settled, or nobody reports of them any more. Source: docs/lineage.md, State. */
import { and, asc, eq, inArray, lte } from 'drizzle-orm';
import type { ApplyOptions } from '@/lib/domains/lineage/apply/apply-due';
import { bringUpToDate } from '@/lib/domains/lineage/apply/bring-up-to-date';
import { lockRun } from '@/lib/domains/lineage/apply/resolve-runs';
import { type LineageRun, lineageRuns } from '@/lib/domains/lineage/tables';
import { systemClock } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';
import { isDatabaseDown, isEndedForIdling } from '@/lib/platform/errors';
import { log } from '@/lib/platform/log';

/** When a run that could not be looked at is tried again. */
const retryMs = 600_000;

/** Brings the run that is due longest up to date; false where none is. One that another worker holds is left to it. */
async function lookAtNext({ clock = systemClock, customers }: ApplyOptions): Promise<boolean> {
  const now = clock();
  const began = performance.now();
  let failing: LineageRun | null = null;
  const looked = db().transaction(async tx => {
    const [due] = await tx
      .select()
      .from(lineageRuns)
      .where(and(lte(lineageRuns.dueAt, now), customers ? inArray(lineageRuns.customerId, [...customers]) : undefined))
      .orderBy(asc(lineageRuns.dueAt))
      .limit(1)
      .for('update', { skipLocked: true });
    if (!due) return false;
    failing = due;
    const found = await lockRun(tx, due, due.heardAt);
    await bringUpToDate(tx, found, { touched: [], alive: new Set(), late: 0, toldBy: null, now });
    return true;
  });
  try {
    return await looked;
  } catch (error) {
    const run = failing as LineageRun | null;
    const isOutage = isDatabaseDown(error) && !isEndedForIdling(error, performance.now() - began);
    if (run === null || isOutage) throw error;
    log().error({ err: error, run: run.pipelineLoggingId }, 'a run of an orchestrator could not be looked at');
    await putOff(run, new Date(now.getTime() + retryMs));
    return true;
  }
}

/** So that it does not keep others waiting. */
const putOff = ({ customerId, rootRunId }: LineageRun, dueAt: Date) =>
  db()
    .update(lineageRuns)
    .set({ dueAt })
    .where(and(eq(lineageRuns.customerId, customerId), eq(lineageRuns.rootRunId, rootRunId)));

/** Looks at every run that is due and answers how many there were. What it decides, later events still change. */
export async function sweepDueRuns(options: ApplyOptions = {}): Promise<number> {
  let looked = 0;
  while (!options.signal?.aborted && (await lookAtNext(options))) looked++;
  return looked;
}

/** Stores reported data-quality results: each once, as it was first sent. */
import { inArray } from 'drizzle-orm';
import type { z } from 'zod';
import type { checkInput } from '@/lib/domains/runs/input';
import { dqResultsMirror } from '@/lib/domains/runs/mirror';
import { type Item, refuse, wrong } from '@/lib/domains/runs/reports/report-items';
import { outsideWindow } from '@/lib/domains/runs/reports/report-window';
import { limitReached } from '@/lib/domains/runs/reports/reported-run';
import type { Stored } from '@/lib/domains/runs/reports/steps';
import { maxReportsPerRun } from '@/lib/domains/runs/rules';
import { type DqResult, dqResults, type Run } from '@/lib/domains/runs/tables';
import { utcDay } from '@/lib/platform/clock';
import type { Tx } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

type Check = z.output<typeof checkInput>;

const foreignId = () => new AppError('conflict', 'This dq_result_id belongs to another run. Use a new UUID.');

const rowOf = (run: Run, check: Check): DqResult => ({
  dqResultId: check.dq_result_id.toLowerCase(),
  customerId: run.customerId,
  pipelineLoggingId: run.pipelineLoggingId,
  targetTable: check.target_table,
  dqConfigId: check.dq_config_id,
  executedAt: check.executed_at,
  expectationsPassed: check.expectations_passed,
  expectationsFailed: check.expectations_failed,
  failedExpectations: check.failed_expectations ?? null,
  overallStatus: check.overall_status,
  ingestionDate: utcDay(check.executed_at),
});

type Known = { id: string; runId: string };
type Decided = { item: Item<Check>; row: DqResult | null };

/** Whether the result is stored anew; one that is known stays as it is. `free` is how many new ones the run takes. */
function decide(run: Run, item: Item<Check>, known: Known | undefined, now: Date, free: number): Decided {
  if (item.value === null) return { item, row: null };
  const problem = outsideWindow(item.value.executed_at, run.startTime, now);
  if (problem) return { item: wrong(item, 'executed_at', problem), row: null };
  if (known) return { item: known.runId === run.pipelineLoggingId ? item : refuse(item, foreignId()), row: null };
  if (free <= 0) return { item: refuse(item, limitReached('data-quality results', run.checkCount)), row: null };
  return { item, row: rowOf(run, item.value) };
}

/** Stores the data-quality results of a locked run. */
export async function storeChecks(tx: Tx, run: Run, items: Item<Check>[], now: Date): Promise<Stored<Check>> {
  const ids = items.flatMap(({ value }) => (value ? [value.dq_result_id] : []));
  const columns = { id: dqResults.dqResultId, runId: dqResults.pipelineLoggingId };
  const known =
    ids.length > 0 ? await tx.select(columns).from(dqResults).where(inArray(dqResults.dqResultId, ids)) : [];
  const byId = new Map(known.map(result => [result.id, result]));
  let free = maxReportsPerRun - run.checkCount;
  const decided = items.map(item => {
    const before = item.value ? byId.get(item.value.dq_result_id.toLowerCase()) : undefined;
    const decision = decide(run, item, before, now, free);
    if (decision.row) free--;
    return decision;
  });
  const rows = decided.flatMap(({ row }) => row ?? []).toSorted((a, b) => a.dqResultId.localeCompare(b.dqResultId));
  const added = rows.length > 0 ? await tx.insert(dqResults).values(rows).onConflictDoNothing().returning() : [];
  const written = new Set(added.map(({ dqResultId }) => dqResultId));
  return {
    // One that another run took meanwhile was not written.
    items: decided.map(({ item, row }) => (row && !written.has(row.dqResultId) ? refuse(item, foreignId()) : item)),
    totals: {
      checkCount: run.checkCount + added.length,
      checksFailed: run.checksFailed + added.filter(({ overallStatus }) => overallStatus === 'FAIL').length,
    },
    mirror: added.map(dqResultsMirror.ref),
  };
}

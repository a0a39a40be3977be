/** Totals of a run, counted from its steps and checks. */
import { sql } from 'drizzle-orm';
import type { Totals } from '@/lib/domains/runs/reports/reported-run';
import type { Tx } from '@/lib/platform/db';

type Counted = {
  steps: number;
  rows_processed: string | null;
  checks: number;
  checks_failed: number;
};

/** What the run’s steps and checks come to now. */
export async function countTotals(tx: Tx, runId: string): Promise<Totals> {
  const { rows } = await tx.execute<Counted>(sql`
    SELECT s.*, c.* FROM (
      SELECT count(*)::int AS steps, sum(rows_processed)::text AS rows_processed
      FROM step_logs WHERE pipeline_logging_id = ${runId}
    ) AS s, (
      SELECT count(*)::int AS checks, (count(*) FILTER (WHERE overall_status = 'FAIL'))::int AS checks_failed
      FROM dq_results WHERE pipeline_logging_id = ${runId}
    ) AS c`);
  const [counted] = rows;
  if (!counted) throw new Error('a count has one row');
  const { steps, rows_processed: processed, checks, checks_failed: checksFailed } = counted;
  const rowsProcessed = processed === null ? null : Math.min(Number.MAX_SAFE_INTEGER, Number(processed));
  return { stepCount: steps, checkCount: checks, checksFailed, rowsProcessed };
}

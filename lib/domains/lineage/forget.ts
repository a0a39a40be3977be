/** Lets go of events that are applied, and of what is known of runs that no event can change any more. Source: docs/lineage.md, Limits. */
import { sql } from 'drizzle-orm';
import { appliedKeptDays, lineageKeptDays } from '@/lib/domains/lineage/rules';
import { lineageWords } from '@/lib/domains/lineage/tables';
import { deleteInSteps } from '@/lib/warehouse/ingest/forget-datasets';

const dayMs = 86_400_000;

/** Deletes in small steps; answers how many rows went. Events that were given up stay as long as late ones, for staff. */
export async function forgetLineage(now: Date): Promise<{ events: number; jobs: number; runs: number }> {
  const before = (days: number) => sql`${new Date(now.getTime() - days * dayMs).toISOString()}::timestamptz`;
  const applied = sql`received_at < ${before(appliedKeptDays)} AND status = ${lineageWords.done}`;
  const late = sql`received_at < ${before(lineageKeptDays)} AND status = ${lineageWords.skipped}`;
  const dead = sql`received_at < ${before(lineageKeptDays)} AND status = ${lineageWords.dead}`;
  const isOld = sql`last_heard_at < ${before(lineageKeptDays)} AND due_at IS NULL`;
  let events = 0;
  for (const gone of [applied, late, dead]) events += await deleteInSteps('lineage_events', gone);
  const jobs = await deleteInSteps(
    'lineage_jobs',
    sql`(customer_id, root_run_id) IN (SELECT customer_id, root_run_id FROM lineage_runs WHERE ${isOld})`,
  );
  await deleteInSteps('lineage_invocations', sql`heard_at < ${before(lineageKeptDays)}`);
  return { events, jobs, runs: await deleteInSteps('lineage_runs', isOld) };
}

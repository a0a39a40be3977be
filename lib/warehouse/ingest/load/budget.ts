/** The budget of load jobs of a UTC day: one for all that loads, failed jobs included. Source: docs/architecture.md, Ingest, Budget. */
import { eq, sql } from 'drizzle-orm';
import { utcDay } from '@/lib/platform/clock';
import { type Db, db, type Tx } from '@/lib/platform/db';
import { ingestJobDays } from '@/lib/warehouse/ingest/tables';

/** The day's load jobs are spent; more is sent after midnight UTC. */
export class JobBudgetSpentError extends Error {
  override readonly name = 'JobBudgetSpentError';
}

/** Charges `count` jobs to the day. Throws JobBudgetSpentError where that would pass `perDay`; then nothing is charged. */
export async function chargeJobs(tx: Tx, now: Date, count: number, perDay: number): Promise<void> {
  const { rows } = await tx.execute(sql`
    INSERT INTO ingest_job_days AS days (day, jobs) SELECT ${utcDay(now)}::date, ${count}::int WHERE ${count}::int <= ${perDay}::int
    ON CONFLICT (day) DO UPDATE SET jobs = days.jobs + excluded.jobs WHERE days.jobs + excluded.jobs <= ${perDay}::int
    RETURNING jobs`);
  if (rows.length === 0) throw new JobBudgetSpentError(`the ${perDay} load jobs of ${utcDay(now)} are spent`);
}

/** Load jobs that were sent on the day so far. */
export async function jobsSpent(now: Date, database: Db = db()): Promise<number> {
  const [row] = await database
    .select({ jobs: ingestJobDays.jobs })
    .from(ingestJobDays)
    .where(eq(ingestJobDays.day, utcDay(now)));
  return row?.jobs ?? 0;
}

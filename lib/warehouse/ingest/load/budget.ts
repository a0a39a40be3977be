/** The budget of a UTC day, load jobs and bytes by streams: one for all that loads, failed loads included. Source: docs/architecture.md, Ingest, Budget. */
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

/** The day's bytes for streams are spent; load jobs carry what comes. */
export class StreamBytesSpentError extends Error {
  override readonly name = 'StreamBytesSpentError';
}

/** Charges `bytes` that go by a stream to the day. Throws StreamBytesSpentError where that would pass `perDay`; then nothing is charged. */
export async function chargeStream(tx: Tx, now: Date, bytes: number, perDay: number): Promise<void> {
  const { rows } = await tx.execute(sql`
    INSERT INTO ingest_job_days AS days (day, stream_bytes) SELECT ${utcDay(now)}::date, ${bytes}::bigint WHERE ${bytes}::bigint <= ${perDay}::bigint
    ON CONFLICT (day) DO UPDATE SET stream_bytes = days.stream_bytes + excluded.stream_bytes
      WHERE days.stream_bytes + excluded.stream_bytes <= ${perDay}::bigint
    RETURNING stream_bytes`);
  if (rows.length === 0) throw new StreamBytesSpentError(`the ${perDay} bytes of ${utcDay(now)} for streams are spent`);
}

/** What was spent on the day so far: load jobs that were sent, bytes that went by streams. */
export async function daySpent(now: Date, database: Db = db()): Promise<{ jobs: number; streamBytes: number }> {
  const [row] = await database
    .select({ jobs: ingestJobDays.jobs, streamBytes: ingestJobDays.streamBytes })
    .from(ingestJobDays)
    .where(eq(ingestJobDays.day, utcDay(now)));
  return row ?? { jobs: 0, streamBytes: 0 };
}

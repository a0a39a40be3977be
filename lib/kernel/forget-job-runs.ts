/** Keeps the record of job runs from growing for ever: some run each minute. */
import { and, desc, gt, inArray, lt, sql } from 'drizzle-orm';
import { defineJob } from '@/lib/kernel/jobs';
import { jobRuns } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';

/** How long runs stay on record, and how many of each job stay however old they are. */
export const keptDays = 30;
export const keptRuns = 20;
const dayMs = 86_400_000;

/** Deletes runs older than keptDays, the newest keptRuns of each job apart; answers how many. */
export async function forgetRuns(now: Date): Promise<number> {
  const place = sql<number>`row_number() OVER (PARTITION BY ${jobRuns.job} ORDER BY ${desc(jobRuns.startedAt)})`;
  const numbered = db()
    .select({ jobRunId: jobRuns.jobRunId, place: place.as('place') })
    .from(jobRuns)
    .as('numbered');
  const surplus = db().select({ jobRunId: numbered.jobRunId }).from(numbered).where(gt(numbered.place, keptRuns));
  const before = new Date(now.getTime() - keptDays * dayMs);
  const gone = await db()
    .delete(jobRuns)
    .where(and(lt(jobRuns.startedAt, before), inArray(jobRuns.jobRunId, surplus)));
  return gone.rowCount ?? 0;
}

export const forgetRunsJob = defineJob({
  name: 'job.forget_runs',
  schedule: '43 3 * * *',
  description: `Deletes records of job runs older than ${keptDays} days; the newest ${keptRuns} of each job stay.`,
  run: async ctx => ({ runs: await forgetRuns(ctx.clock()) }),
});

/** The job that stores the last month's billing report. Source: docs/spec/requirements.md, C-62, C-64. */
import { and, desc, eq, sql } from 'drizzle-orm';
import { monthBefore } from '@/lib/domains/subscriptions/reports/reports';
import { storeMonthReport } from '@/lib/domains/subscriptions/reports/reports-store';
import { defineJob } from '@/lib/kernel/jobs';
import { jobRuns } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';
import { env } from '@/lib/platform/env';

const name = 'subscription.report_month';

/** Where the month's report was stored before; undefined where it was not. */
async function storedBefore(month: string): Promise<unknown> {
  const [run] = await db()
    .select({ files: sql<unknown>`${jobRuns.report}->'files'` })
    .from(jobRuns)
    .where(
      and(
        eq(jobRuns.job, name),
        eq(jobRuns.outcome, 'ok'),
        sql`${jobRuns.report}->>'month' = ${month}`,
        sql`${jobRuns.report} ? 'files'`,
      ),
    )
    .orderBy(desc(jobRuns.startedAt))
    .limit(1);
  return run?.files;
}

export const reportMonthJob = defineJob({
  name,
  // Several days: a month whose rows were late, or a bucket that was away, is stored on the next of them.
  schedule: '23 4 1-7 * *',
  description: 'Stores last month’s billing report, by customer and by change, in the archive; once a month.',
  run: async ctx => {
    const month = monthBefore(ctx.clock());
    const base = env().AUDIT_ARCHIVE_URL;
    if (!base)
      return {
        month,
        skipped:
          'AUDIT_ARCHIVE_URL is not set, so no report is stored: read it by `cli billing-report` or in the console.',
      };
    const stored = await storedBefore(month);
    return stored ? { month, stored_before: stored } : storeMonthReport(ctx, month, base);
  },
});

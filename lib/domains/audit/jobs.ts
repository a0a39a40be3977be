/** Jobs of the audit log: partitions ahead of time, and the archive. Source: docs/spec/requirements.md, C-60, C-84. */
import { sql } from 'drizzle-orm';
import { archiveOldMonths, deleteArchivedCopies } from '@/lib/domains/audit/archive';
import { defineJob } from '@/lib/kernel/jobs';
import { db } from '@/lib/platform/db';

/** Makes the partitions of this month and the three after it, and moves entries of other months into theirs. */
export async function prepareMonths(now: Date): Promise<number> {
  const { rows } = await db().execute<{ made: number }>(
    sql`SELECT prepare_audit_months(${now.toISOString()}::timestamptz::date,
      (${now.toISOString()}::timestamptz + interval '3 months')::date) AS made`,
  );
  return Number(rows[0]?.made ?? 0);
}

export const prepareMonthsJob = defineJob({
  name: 'audit.prepare_months',
  schedule: '17 3 * * *',
  description: 'Makes the audit log’s partitions for the months to come.',
  run: async ctx => ({ partitions: await prepareMonths(ctx.clock()) }),
});

export const archiveJob = defineJob({
  name: 'audit.archive',
  schedule: '47 3 * * 0',
  description:
    'Stores months of the audit log beyond the days it is kept as sealed files, and removes them from Postgres and BigQuery.',
  run: async ctx => {
    await prepareMonths(ctx.clock());
    const archived = await archiveOldMonths(ctx);
    return { ...archived, copiesDeleted: await deleteArchivedCopies(ctx.clock()) };
  },
});

/** Scheduled work of the query desk. */
import { lt } from 'drizzle-orm';
import { historyDays } from '@/lib/domains/desk/rules';
import { settleLostQueries } from '@/lib/domains/desk/run/lost-queries';
import { deskDays, deskQueries } from '@/lib/domains/desk/tables';
import { defineJob } from '@/lib/kernel/jobs';
import { addDays, utcDay } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';

export const settleQueriesJob = defineJob({
  name: 'desk.settle_queries',
  schedule: '* * * * *',
  description: 'Asks BigQuery what became of queries whose process is gone, so that what they billed counts.',
  run: ctx => settleLostQueries(ctx),
});

export const forgetQueriesJob = defineJob({
  name: 'desk.forget_queries',
  schedule: '20 3 * * *',
  description: `Deletes queries of the desk, and what their days billed, after ${historyDays} days.`,
  run: async ({ clock }) => {
    const firstDay = addDays(utcDay(clock()), -historyDays);
    const queries = await db()
      .delete(deskQueries)
      .where(lt(deskQueries.startedAt, new Date(`${firstDay}T00:00:00Z`)));
    const days = await db().delete(deskDays).where(lt(deskDays.day, firstDay));
    return { queries: queries.rowCount ?? 0, days: days.rowCount ?? 0 };
  },
});

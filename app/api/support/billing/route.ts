/** GET: a month's billing report as a CSV file, by customer or by change. Staff only; to anybody else it does not exist. */
import { z } from 'zod';
import { monthInput, readMonthChanges, readMonthReport } from '@/lib/domains/subscriptions/reports/reports';
import { changesCsv, customersCsv } from '@/lib/domains/subscriptions/reports/reports-csv';
import { defineStaffDownload } from '@/lib/edge/portal/staff-route';

export const GET = defineStaffDownload({
  name: 'subscription.download_report',
  query: z.strictObject({ month: monthInput, of: z.enum(['customers', 'changes']).default('customers') }),
  handler: async ({ ctx, query: { month, of } }) => {
    const text =
      of === 'customers'
        ? customersCsv(await readMonthReport(ctx, month))
        : changesCsv(await readMonthChanges(ctx, month));
    return { filename: `billing-${month}-${of}.csv`, pieces: inPieces(text) };
  },
});

async function* inPieces(text: string): AsyncGenerator<string> {
  yield text;
}

/** GET: refused attempts that belong to no organization as a CSV file. Staff only; to anybody else it does not exist. */
import { refusalsFilterInput } from '@/lib/domains/audit/input';
import { refusalsCsv } from '@/lib/domains/audit/refusals-csv';
import { defineStaffDownload } from '@/lib/edge/portal/staff-route';

export const GET = defineStaffDownload({
  name: 'audit.list_refusals',
  query: refusalsFilterInput,
  handler: async ({ ctx, query }) => ({ filename: `refusals-${query.days}-days.csv`, pieces: refusalsCsv(ctx, query) }),
});

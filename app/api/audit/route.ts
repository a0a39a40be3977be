/** GET: the organization's audit log, filtered: JSON in pages, or all of it as a CSV file (`format=csv`). Sessions only. */
import { z } from 'zod';
import { auditCsv } from '@/lib/domains/audit/csv';
import { listEntriesInput } from '@/lib/domains/audit/input';
import { listEntries } from '@/lib/domains/audit/queries';
import { freshnessBody } from '@/lib/edge/portal/page-card';
import { defineRoute } from '@/lib/edge/portal/route';
import { parseInput } from '@/lib/kernel/input';
import { utcDay } from '@/lib/platform/clock';

const formatInput = z.strictObject({ format: z.enum(['json', 'csv']).default('json') });

export const GET = defineRoute({
  name: 'audit.list',
  method: 'GET',
  permission: 'audit:read',
  query: async ({ ctx, raw: { format, ...raw } }) => {
    if (parseInput(formatInput, { format }).format === 'csv') {
      const { after: _after, limit: _limit, ...filter } = parseInput(listEntriesInput, raw);
      const name = `audit-log-${utcDay(ctx.clock())}.csv`;
      const headers = {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="${name}"`,
      };
      return { status: 200, pieces: auditCsv(ctx, filter), headers };
    }
    const page = await listEntries(ctx, raw);
    const body = { data: page.entries, next_cursor: page.nextCursor, ...freshnessBody(page) };
    return { status: 200, body };
  },
});

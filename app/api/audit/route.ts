/** GET: the organization's audit log, filtered: JSON in pages, or all of it as a CSV file (`format=csv`). Sessions only. */
import { z } from 'zod';
import { auditCsv } from '@/lib/domains/audit/csv';
import { listEntriesInput } from '@/lib/domains/audit/input';
import { listEntries } from '@/lib/domains/audit/queries';
import { csvAnswer } from '@/lib/edge/portal/csv-answer';
import { freshnessBody } from '@/lib/edge/portal/page-card';
import { defineRoute } from '@/lib/edge/portal/route';
import { parseInput } from '@/lib/kernel/input';
import { utcDay } from '@/lib/platform/clock';

const formatInput = z.strictObject({ format: z.enum(['json', 'csv']).default('json') });

export const GET = defineRoute({
  summary: 'List entries of the audit log',
  input: [listEntriesInput, formatInput],
  name: 'audit.list',
  method: 'GET',
  permission: 'audit:read',
  query: async ({ ctx, raw: { format, ...raw } }) => {
    if (parseInput(formatInput, { format }).format === 'csv') {
      const { after: _after, limit: _limit, ...filter } = parseInput(listEntriesInput, raw);
      return csvAnswer(`audit-log-${utcDay(ctx.clock())}`, auditCsv(ctx, filter));
    }
    const page = await listEntries(ctx, raw);
    const body = { data: page.entries, next_cursor: page.nextCursor, ...freshnessBody(page) };
    return { status: 200, body };
  },
});

/** GET: the tables checked in the last 30 days and how they stand, filtered, as JSON or as a CSV file (`format=csv`). */
import { z } from 'zod';
import {
  listTablesInput,
  matchingTables,
  readCheckedTables,
  tablesCsv,
} from '@/lib/domains/runs/quality/checked-tables';
import { csvAnswer } from '@/lib/edge/portal/csv-answer';
import { freshnessBody } from '@/lib/edge/portal/page-card';
import { defineRoute } from '@/lib/edge/portal/route';
import { parseInput } from '@/lib/kernel/input';
import { utcDay } from '@/lib/platform/clock';

const input = listTablesInput.extend({ format: z.enum(['json', 'csv']).default('json') });

export const GET = defineRoute({
  summary: 'List tables that were checked',
  input,
  name: 'run.list_checked_tables',
  method: 'GET',
  permission: 'runs:read',
  query: async ({ ctx, raw }) => {
    const { format, ...filter } = parseInput(input, raw);
    const today = utcDay(ctx.clock());
    const { tables, ...age } = await readCheckedTables(ctx);
    const found = matchingTables(tables, filter, today);
    if (format === 'csv') return csvAnswer(`data-quality-${today}`, tablesCsv(found));
    return { status: 200, body: { data: found, ...freshnessBody(age) } };
  },
});

/** GET: data-quality results, newest first, filtered: JSON in pages, or a CSV file of them (`format=csv`). */
import { z } from 'zod';
import { checksCsv, listChecks, listChecksInput } from '@/lib/domains/runs/quality/checks';
import { csvAnswer } from '@/lib/edge/portal/csv-answer';
import { freshnessBody } from '@/lib/edge/portal/page-card';
import { defineRoute } from '@/lib/edge/portal/route';
import { parseInput } from '@/lib/kernel/input';
import { utcDay } from '@/lib/platform/clock';

const input = listChecksInput.extend({ format: z.enum(['json', 'csv']).default('json') });

export const GET = defineRoute({
  summary: 'List data-quality results',
  input,
  name: 'run.list_checks_of_days',
  method: 'GET',
  permission: 'runs:read',
  query: async ({ ctx, raw }) => {
    const { format, ...filter } = parseInput(input, raw);
    if (format === 'csv') return csvAnswer(`checks-${utcDay(ctx.clock())}`, checksCsv(ctx, filter));
    const { checks, nextCursor, ...age } = await listChecks(ctx, filter);
    return { status: 200, body: { data: checks, next_cursor: nextCursor, ...freshnessBody(age) } };
  },
});

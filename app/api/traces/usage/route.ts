/** GET: AI usage of a range of days: totals, names of the breakdown and days as JSON, or one of the two lists as a CSV file (`format=csv`). */
import { z } from 'zod';
import { readUsage, usageInput } from '@/lib/domains/traces/usage/usage';
import { usageCsv } from '@/lib/domains/traces/usage/usage-csv';
import { csvAnswer } from '@/lib/edge/portal/csv-answer';
import { freshnessBody } from '@/lib/edge/portal/page-card';
import { defineRoute } from '@/lib/edge/portal/route';
import { parseInput } from '@/lib/kernel/input';
import { utcDay } from '@/lib/platform/clock';

const input = usageInput.extend({
  format: z.enum(['json', 'csv']).default('json'),
  rows: z.enum(['days', 'names']).default('days'),
});

export const GET = defineRoute({
  summary: 'Read AI usage',
  input,
  name: 'ai_usage.read',
  method: 'GET',
  permission: 'traces:read',
  query: async ({ ctx, raw }) => {
    const { format, rows, ...asked } = parseInput(input, raw);
    const usage = await readUsage(ctx, asked);
    const name = rows === 'days' ? 'days' : asked.by;
    if (format === 'csv') return csvAnswer(`ai-usage-by-${name}-${utcDay(ctx.clock())}`, usageCsv(usage, rows));
    const { total, names, byDay, days, by } = usage;
    const body = {
      from: days.from,
      to: days.to,
      by,
      total,
      names,
      days: byDay.map(({ day, use }) => ({ day, ...use })),
    };
    return { status: 200, body: { ...body, ...freshnessBody(usage) } };
  },
});

/** GET: the ten merged pull requests whose authors' sessions cost most, as the data model asks it; CSV with `format=csv`. */
import { z } from 'zod';
import { correlatedCsv, correlateInput, correlateUsage } from '@/lib/domains/pull-requests/usage/correlate-usage';
import { csvAnswer } from '@/lib/edge/portal/csv-answer';
import { freshnessBody } from '@/lib/edge/portal/page-card';
import { defineRoute } from '@/lib/edge/portal/route';
import { parseInput } from '@/lib/kernel/input';
import { utcDay } from '@/lib/platform/clock';

const input = correlateInput.extend({ format: z.enum(['json', 'csv']).default('json') });

export const GET = defineRoute({
  summary: 'Correlate AI usage with pull requests',
  input,
  name: 'pull_request.correlate',
  method: 'GET',
  permission: 'pull-requests:read',
  query: async ({ ctx, raw }) => {
    const { format, ...asked } = parseInput(input, raw);
    const { rows, days, ...age } = await correlateUsage(ctx, asked);
    if (format === 'csv') return csvAnswer(`ai-and-pull-requests-${utcDay(ctx.clock())}`, correlatedCsv(rows));
    return { status: 200, body: { data: rows, ...days, ...freshnessBody(age) } };
  },
});

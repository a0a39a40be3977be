/** GET: the 20 requests that cost most of those beyond $0.01 by the document’s prices; CSV with `format=csv`. */
import { z } from 'zod';
import { costlyCsv, costlyInput, listCostly } from '@/lib/domains/traces/sessions/document-lists';
import { csvAnswer } from '@/lib/edge/portal/csv-answer';
import { freshnessBody } from '@/lib/edge/portal/page-card';
import { defineRoute } from '@/lib/edge/portal/route';
import { parseInput } from '@/lib/kernel/input';
import { utcDay } from '@/lib/platform/clock';

const input = costlyInput.extend({ format: z.enum(['json', 'csv']).default('json') });

export const GET = defineRoute({
  summary: 'List sessions of high cost',
  input,
  name: 'ai_session.list_costly',
  method: 'GET',
  permission: 'traces:read',
  query: async ({ ctx, raw }) => {
    const { format, ...asked } = parseInput(input, raw);
    const { rows, days, ...age } = await listCostly(ctx, asked);
    if (format === 'csv') return csvAnswer(`ai-high-cost-${utcDay(ctx.clock())}`, costlyCsv(rows));
    return { status: 200, body: { data: rows, ...days, ...freshnessBody(age) } };
  },
});

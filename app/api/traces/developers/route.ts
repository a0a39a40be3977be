/** GET: requests, tokens and document cost of each developer in a range of days and a repository, highest cost first; CSV with `format=csv`. */
import { z } from 'zod';
import { developersCsv, developersInput, listDevelopers } from '@/lib/domains/traces/sessions/document-lists';
import { csvAnswer } from '@/lib/edge/portal/csv-answer';
import { freshnessBody } from '@/lib/edge/portal/page-card';
import { defineRoute } from '@/lib/edge/portal/route';
import { parseInput } from '@/lib/kernel/input';
import { utcDay } from '@/lib/platform/clock';

const input = developersInput.extend({ format: z.enum(['json', 'csv']).default('json') });

export const GET = defineRoute({
  summary: 'List developers of AI usage',
  input,
  name: 'ai_session.list_developers',
  method: 'GET',
  permission: 'traces:read',
  query: async ({ ctx, raw }) => {
    const { format, ...asked } = parseInput(input, raw);
    const { rows, days, ...age } = await listDevelopers(ctx, asked);
    if (format === 'csv') return csvAnswer(`ai-developers-${utcDay(ctx.clock())}`, developersCsv(rows));
    return { status: 200, body: { data: rows, ...days, ...freshnessBody(age) } };
  },
});

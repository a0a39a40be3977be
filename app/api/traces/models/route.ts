/** GET: models that answered requests in a range of days, those that cost most first; CSV with `format=csv`. */
import { z } from 'zod';
import { listModels, modelsCsv, modelsInput } from '@/lib/domains/traces/models/models';
import { csvAnswer } from '@/lib/edge/portal/csv-answer';
import { freshnessBody } from '@/lib/edge/portal/page-card';
import { defineRoute } from '@/lib/edge/portal/route';
import { parseInput } from '@/lib/kernel/input';
import { utcDay } from '@/lib/platform/clock';

const input = modelsInput.extend({ format: z.enum(['json', 'csv']).default('json') });

export const GET = defineRoute({
  summary: 'List models',
  input,
  name: 'ai_model.list',
  method: 'GET',
  permission: 'traces:read',
  query: async ({ ctx, raw }) => {
    const { format, ...asked } = parseInput(input, raw);
    const { rows, days, ...age } = await listModels(ctx, asked);
    if (format === 'csv') return csvAnswer(`ai-models-${utcDay(ctx.clock())}`, modelsCsv(rows));
    return { status: 200, body: { data: rows, ...days, ...freshnessBody(age) } };
  },
});

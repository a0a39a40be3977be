/** GET: errors that agents and their tools reported in a range of days, like messages of a tool as one; CSV with `format=csv`. */
import { z } from 'zod';
import { errorsCsv, listErrors, listErrorsInput } from '@/lib/domains/agent-log/errors/errors';
import { csvAnswer } from '@/lib/edge/portal/csv-answer';
import { freshnessBody } from '@/lib/edge/portal/page-card';
import { defineRoute } from '@/lib/edge/portal/route';
import { parseInput } from '@/lib/kernel/input';
import { utcDay } from '@/lib/platform/clock';

const input = listErrorsInput.extend({ format: z.enum(['json', 'csv']).default('json') });

export const GET = defineRoute({
  summary: 'List errors of agents',
  input,
  name: 'agent_error.list',
  method: 'GET',
  permission: 'agent-log:read',
  query: async ({ ctx, raw }) => {
    const { format, ...asked } = parseInput(input, raw);
    const { errors, days, ...age } = await listErrors(ctx, asked);
    if (format === 'csv') return csvAnswer(`agent-errors-${utcDay(ctx.clock())}`, errorsCsv(errors));
    return { status: 200, body: { data: errors, ...days, ...freshnessBody(age) } };
  },
});

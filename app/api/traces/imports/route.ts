/** GET: jobs that brought traces in, the newest first, failed ones too: JSON in pages, or a CSV file of them (`format=csv`). */
import { z } from 'zod';
import { listImports, listImportsInput } from '@/lib/domains/traces/imports/imports';
import { importsCsv } from '@/lib/domains/traces/imports/imports-csv';
import { csvAnswer } from '@/lib/edge/portal/csv-answer';
import { defineRoute } from '@/lib/edge/portal/route';
import { parseInput } from '@/lib/kernel/input';
import { utcDay } from '@/lib/platform/clock';

const input = listImportsInput.extend({ format: z.enum(['json', 'csv']).default('json') });

export const GET = defineRoute({
  summary: 'List imports',
  input,
  name: listImports.operationName,
  method: 'GET',
  permission: listImports.permission,
  query: async ({ ctx, raw }) => {
    const { format, ...asked } = parseInput(input, raw);
    if (format === 'csv') return csvAnswer(`ai-imports-${utcDay(ctx.clock())}`, importsCsv(ctx, asked));
    const { imports, nextCursor } = await listImports(ctx, asked);
    return { status: 200, body: { data: imports, next_cursor: nextCursor } };
  },
});

/** GET: rows of the result of one of the caller's own queries: JSON in pages, or all of them as a CSV file (`format=csv`). */
import { z } from 'zod';
import { readResult } from '@/lib/domains/desk/run/read-result';
import { resultCsv } from '@/lib/domains/desk/run/result-csv';
import { csvAnswer } from '@/lib/edge/portal/csv-answer';
import { queryBody } from '@/lib/edge/portal/desk-bodies';
import { defineRoute } from '@/lib/edge/portal/route';
import { parseInput } from '@/lib/kernel/input';

const formatInput = z.strictObject({ format: z.enum(['json', 'csv']).default('json') });

export const GET = defineRoute({
  summary: 'Read the rows of a query',
  input: [readResult.input, formatInput],
  name: readResult.operationName,
  method: 'GET',
  permission: readResult.permission,
  query: async ({ ctx, params: { id = '' }, raw: { format, ...raw } }) => {
    if (parseInput(formatInput, { format }).format === 'csv') return csvAnswer(`query-${id}`, await resultCsv(ctx, id));
    const { query, columns, rows, offset, more } = await readResult(ctx, raw, id);
    return { status: 200, body: { query: queryBody(query), columns, data: rows, offset, more } };
  },
});

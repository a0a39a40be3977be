/** GET: lines that one import refused, in the order of the file: JSON in pages, or a CSV file of them (`format=csv`). */
import { z } from 'zod';
import { listDeadLetters, readImport } from '@/lib/domains/traces/imports/imports';
import { deadLettersCsv } from '@/lib/domains/traces/imports/imports-csv';
import { csvAnswer } from '@/lib/edge/portal/csv-answer';
import { defineRoute } from '@/lib/edge/portal/route';
import { parseInput } from '@/lib/kernel/input';

const formatInput = z.strictObject({ format: z.enum(['json', 'csv']).default('json') });

export const GET = defineRoute({
  summary: 'List lines that an import refused',
  input: [listDeadLetters.input, formatInput],
  name: listDeadLetters.operationName,
  method: 'GET',
  permission: listDeadLetters.permission,
  query: async ({ ctx, raw: { format, ...raw }, params: { id = '' } }) => {
    if (parseInput(formatInput, { format }).format === 'csv') {
      const run = await readImport(ctx, {}, id);
      return csvAnswer(`ai-import-${run.id}-refused`, deadLettersCsv(ctx, id));
    }
    const { letters, nextCursor } = await listDeadLetters(ctx, raw, id);
    return { status: 200, body: { data: letters, next_cursor: nextCursor } };
  },
});

/** Reads on in the result of a query that run_query ran; it bills nothing. Source: docs/desk.md, What can be asked. */
import { z } from 'zod';
import { queryId, resultInput } from '@/lib/domains/desk/input';
import { queryStatuses } from '@/lib/domains/desk/rules';
import { type Result, readResult } from '@/lib/domains/desk/run/read-result';
import { defineTool } from '@/lib/edge/v1/mcp/define-tool';
import { readOn, resultFields } from '@/lib/edge/v1/mcp/tools/result-rows';
import { counted, noteFields } from '@/lib/edge/v1/mcp/tools/shared';

const { offset, limit } = resultInput.shape;
const input = z.strictObject({
  query_id: queryId.meta({ description: 'Of a query that this key ran.' }),
  offset: offset.meta({ description: 'Rows before the first one that is wanted.' }),
  limit: limit.meta({ description: 'Rows at most.' }),
});

const output = z.strictObject({
  ...resultFields,
  status: z.enum(queryStatuses).meta({ description: 'Only a completed query has rows.' }),
  error_message: z.string().nullable(),
  offset: z.int(),
  ...noteFields,
});

function sentence({ query }: Result): string {
  switch (query.status) {
    case 'COMPLETED':
      return `The result has ${counted(query.rowCount ?? 0, 'row')}.`;
    case 'RUNNING':
      return 'The query runs; ask again for its rows.';
    case 'FAILED':
      return `The query failed: ${query.errorMessage ?? 'nothing more is known.'}`;
    case 'LOST':
      return 'Nobody could say what became of the query; run it again.';
  }
}

export const queryRows = defineTool({
  name: 'query_rows',
  title: 'Rows of a query',
  description:
    'Rows of a query of run_query from an offset on, for the 24 hours that its result is kept. It bills nothing, so use it instead of running the query again.',
  scope: readResult.permission,
  operation: readResult.operationName,
  input,
  output,
  shrinks: ['rows', 'columns'],
  run: async ({ ctx }, { query_id, ...page }) => {
    const result = await readResult(ctx, page, query_id);
    const { query, columns, rows } = result;
    const data = {
      query_id,
      columns,
      rows,
      row_count: query.rowCount,
      status: query.status,
      error_message: query.errorMessage,
      offset: result.offset,
      note: null,
    };
    return { data, says: sentence(result), more: kept => readOn(kept, result.offset) };
  },
});

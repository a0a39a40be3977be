/** Runs SQL over the organization's own tables, under a cap of bytes. Source: docs/desk.md, What a query costs. */
import { z } from 'zod';
import { queryInput } from '@/lib/domains/desk/input';
import { runQuery } from '@/lib/domains/desk/run/run-query';
import { defineTool } from '@/lib/edge/v1/mcp/define-tool';
import { readOn, resultFields } from '@/lib/edge/v1/mcp/tools/result-rows';
import { counted, grouped, noteFields } from '@/lib/edge/v1/mcp/tools/shared';

const { sql, limit, max_bytes_billed } = queryInput.shape;
const input = z.strictObject({
  sql,
  limit: limit.meta({ description: 'LIMIT where the text has none.' }),
  max_bytes_billed: max_bytes_billed.meta({
    description: 'Bytes that this query may bill, where that is less than the cap of the key.',
  }),
});

const bytes = z.int();
const output = z.strictObject({
  ...resultFields,
  total_rows: z.int().nullable().meta({ description: 'Rows of the whole result.' }),
  tables: z.array(z.string()),
  estimated_bytes: bytes.meta({ description: 'What it was priced at before it ran.' }),
  bytes_billed: bytes.nullable().meta({ description: 'What it billed.' }),
  cap_bytes: bytes.meta({ description: 'What it might have billed.' }),
  sql: z.string().meta({ description: 'The text that ran.' }),
  ...noteFields,
});

export const runQueryTool = defineTool({
  name: 'run_query',
  title: 'Run a query',
  description:
    'Runs one SELECT of GoogleSQL (BigQuery) over the tables of describe_tables, priced before and refused above its cap. Filter by partition columns; name columns. Columns named like keywords need backticks. It answers the first 100 rows; query_rows has the others.',
  scope: 'desk:query',
  operation: 'desk.run_query',
  costs: true,
  input,
  output,
  shrinks: ['rows', 'columns'],
  run: async ({ ctx, session }, asked) => {
    const answer = await runQuery(ctx, asked, { door: 'mcp', session: session ?? undefined });
    const data = {
      query_id: answer.queryId,
      columns: answer.columns,
      rows: answer.rows,
      row_count: answer.rowCount,
      total_rows: answer.totalRows,
      tables: answer.tables,
      estimated_bytes: answer.estimatedBytes,
      bytes_billed: answer.bytesBilled,
      cap_bytes: answer.capBytes,
      sql: answer.sql,
      note: null,
    };
    const tables = answer.tables.length > 0 ? ` of ${answer.tables.join(', ')}` : '';
    const rows = counted(answer.totalRows ?? answer.rows.length, 'row');
    const says = `${rows}${tables}; ${grouped(answer.bytesBilled ?? 0)} bytes billed.`;
    return { data, says, more: kept => readOn(kept, 0) };
  },
});

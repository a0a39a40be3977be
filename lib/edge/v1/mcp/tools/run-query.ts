/** Runs SQL over the organization's own tables, under a cap of bytes. Source: docs/desk.md, What a query costs. */
import { z } from 'zod';
import { queryInput } from '@/lib/domains/desk/input';
import { runQuery } from '@/lib/domains/desk/run/run-query';
import { defineTool } from '@/lib/edge/v1/mcp/define-tool';
import { counted, noteFields } from '@/lib/edge/v1/mcp/tools/shared';

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
  query_id: z.string(),
  columns: z.array(z.strictObject({ name: z.string(), type: z.string(), repeated: z.boolean() })),
  rows: z.array(z.record(z.string(), z.unknown())).meta({
    description: 'The first 100, by the names of their columns; numbers that JSON cannot hold exactly are texts.',
  }),
  row_count: z.int().nullable().meta({ description: 'Rows that can be read, at most 10,000.' }),
  total_rows: z.int().nullable().meta({ description: 'Rows of the whole result.' }),
  tables: z.array(z.string()),
  estimated_bytes: bytes.meta({ description: 'What it was priced at before it ran.' }),
  bytes_billed: bytes.nullable().meta({ description: 'What it billed.' }),
  cap_bytes: bytes.meta({ description: 'What it might have billed.' }),
  sql: z.string().meta({ description: 'The text that ran.' }),
  ...noteFields,
});

const grouped = (count: number | null): string => (count ?? 0).toLocaleString('en-US');

export const runQueryTool = defineTool({
  name: 'run_query',
  title: 'Run a query',
  description:
    'Runs one SELECT of GoogleSQL (BigQuery) over the tables of describe_tables, priced before and refused above its cap. Filter by partition columns; name columns. Columns named like keywords need backticks.',
  scope: 'desk:query',
  operation: 'desk.run_query',
  costs: true,
  input,
  output,
  shrinks: ['rows', 'columns'],
  run: async ({ ctx, session }, asked) => {
    const answer = await runQuery(ctx, asked, { door: 'mcp', session: session ?? undefined });
    const { queryId, rowCount, rows, bytesBilled } = answer;
    const left = (rowCount ?? 0) > rows.length;
    const note = left
      ? `The first ${rows.length} of ${grouped(rowCount)} rows; GET /api/desk/queries/${queryId}/rows?offset=${rows.length} reads on, and costs nothing.`
      : null;
    const data = {
      query_id: queryId,
      columns: answer.columns,
      rows,
      row_count: rowCount,
      total_rows: answer.totalRows,
      tables: answer.tables,
      estimated_bytes: answer.estimatedBytes,
      bytes_billed: bytesBilled,
      cap_bytes: answer.capBytes,
      sql: answer.sql,
      note,
    };
    const tables = answer.tables.length > 0 ? ` of ${answer.tables.join(', ')}` : '';
    const says = `${counted(answer.totalRows ?? rows.length, 'row')}${tables}; ${grouped(bytesBilled)} bytes billed.`;
    return { data, says };
  },
});

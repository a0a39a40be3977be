/** The tables that queries may name: their columns, and the one whose filter keeps a query cheap. */
import { z } from 'zod';
import { findTables } from '@/lib/domains/desk/catalog/list-tables';
import { type DeskTable, tableGroups } from '@/lib/domains/desk/rules';
import { defineTool } from '@/lib/edge/v1/mcp/define-tool';
import { counted, noteFields } from '@/lib/edge/v1/mcp/tools/shared';

const input = z.strictObject({
  group: z.enum(tableGroups).optional().meta({ description: 'Only tables of this group.' }),
  name: z.string().trim().min(1).max(300).optional().meta({
    description: 'Only tables whose name has this in it; a whole name for one table.',
  }),
});

const column = z.strictObject({
  name: z.string(),
  type: z.string().meta({ description: 'As BigQuery names it.' }),
  repeated: z.boolean().meta({ description: 'Whether it is an array, for UNNEST.' }),
  description: z.string(),
});
const output = z.strictObject({
  tables: z.array(
    z.strictObject({
      name: z.string().meta({ description: 'As queries name it: FROM <name>.' }),
      group: z.enum(tableGroups),
      description: z.string(),
      partition_column: z
        .string()
        .nullable()
        .meta({ description: 'Filter by it, and BigQuery reads and bills those days alone.' }),
      needs_filter: z.boolean().meta({ description: 'Whether BigQuery refuses a query of it without that filter.' }),
      columns: z.array(column),
    }),
  ),
  ...noteFields,
});

const bodyOf = ({ name, group, description, partitionColumn, needsFilter, columns }: DeskTable) => ({
  ...{ name, group, description },
  partition_column: partitionColumn,
  needs_filter: needsFilter,
  columns: columns.map(({ name: of, type, repeated, description: text }) => ({
    ...{ name: of, type, repeated },
    description: text,
  })),
});

const withoutColumns =
  'There are too many columns of event tables for one answer: ask for one table by its whole name.';

export const describeTables = defineTool({
  name: 'describe_tables',
  title: 'Tables and columns',
  description:
    'Tables that run_query may read, with their columns and the column to filter by. Ask it before you write SQL; by group (metadata: pipeline runs; ai-usage: requests to AI models and pull requests; agent-log: what agents did; events: what users did) or by name where there are many.',
  scope: 'desk:query',
  operation: 'desk.list_tables',
  input,
  output,
  shrinks: ['tables'],
  run: async ({ ctx }, { group, name }) => {
    const { tables, names } = await findTables(ctx, { group, part: name });
    const first = tables.slice(0, 30).map(table => table.name);
    const says =
      tables.length === 0
        ? `No table of that kind; there are ${names.join(', ')}.`.slice(0, 2_000)
        : `${counted(tables.length, 'table')}: ${first.join(', ')}${tables.length > first.length ? ', …' : ''}.`;
    const note = tables.some(({ columns }) => columns.length === 0) ? withoutColumns : null;
    return { data: { tables: tables.map(bodyOf), note }, says };
  },
});

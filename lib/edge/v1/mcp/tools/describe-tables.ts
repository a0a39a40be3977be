/** The tables that queries may name: their columns, and the one whose filter keeps a query cheap. */
import { z } from 'zod';
import { type FoundTable, findTables } from '@/lib/domains/desk/catalog/list-tables';
import { tableGroups } from '@/lib/domains/desk/rules';
import { defineTool } from '@/lib/edge/v1/mcp/define-tool';
import { mostBytes } from '@/lib/edge/v1/mcp/tool-answer';
import { type FittedTables, fitTables } from '@/lib/edge/v1/mcp/tools/fit-tables';
import { counted, grouped, noteFields } from '@/lib/edge/v1/mcp/tools/shared';

const part = z.string().trim().min(1).max(300).optional();
const input = z.strictObject({
  group: z.enum(tableGroups).optional().meta({ description: 'Only tables of this group.' }),
  name: part.meta({ description: 'Only tables whose name has this in it; a whole name for one table.' }),
  column: part.meta({ description: 'Only columns whose name has this in it, and tables that have one.' }),
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
      column_count: z.int(),
      columns: z.array(column).meta({ description: 'None of them where the note says how to ask for them.' }),
    }),
  ),
  more_tables: z.array(z.string()).meta({ description: 'Names of tables that did not fit.' }),
  ...noteFields,
});

type Body = z.output<typeof output>['tables'][number];

const outlineOf = ({ name, group, description, partitionColumn, needsFilter, columnCount }: FoundTable): Body => ({
  ...{ name, group, description },
  partition_column: partitionColumn,
  needs_filter: needsFilter,
  column_count: columnCount,
  columns: [],
});

const bodyOf = (table: FoundTable): Body => ({
  ...outlineOf(table),
  columns: table.columns.map(({ name, type, repeated, description }) => ({ name, type, repeated, description })),
});

/** Bytes for what an answer has besides its tables. */
const wordsBytes = 10_000;

const howTo = 'Ask for them by the name of a table, a group, or a part of the names of columns.';

/** What was left out of the tables that were asked for, and how it is asked for; null where nothing was. */
function noteOf(asked: readonly Body[], { tables, more }: FittedTables<Body>): string | null {
  const [[whole], [only]] = [asked, tables];
  if (whole && only && asked.length === 1 && only.columns.length < whole.columns.length)
    return `These are the first ${grouped(only.columns.length)} of ${grouped(whole.columns.length)} columns. Ask for others by a part of their names (column).`;
  if (more.length > 0) return `The last ${counted(more.length, 'table')} are told by name alone. ${howTo}`;
  const without = tables.filter(({ columns }) => columns.length === 0).length;
  return without > 0 ? `Columns of ${counted(without, 'table')} are left out. ${howTo}` : null;
}

function sentence(names: readonly string[], all: readonly string[]): string {
  if (names.length === 0) return `No table of that kind; there are ${all.join(', ')}.`.slice(0, 2_000);
  const first = names.slice(0, 30);
  return `${counted(names.length, 'table')}: ${first.join(', ')}${names.length > first.length ? ', …' : ''}.`;
}

export const describeTables = defineTool({
  name: 'describe_tables',
  title: 'Tables and columns',
  description:
    'Tables that run_query may read, each with what it is, the column to filter by and how many columns it has. By name, group (metadata: pipeline runs; ai-usage: requests to AI models and pull requests; agent-log: what agents did; events: what users did) or column also the columns: ask for them before you write SQL.',
  scope: 'desk:query',
  operation: 'desk.list_tables',
  input,
  output,
  shrinks: ['more_tables', 'tables'],
  run: async ({ ctx }, { group, name, column: wanted }) => {
    const { tables, names } = await findTables(ctx, { group, part: name, column: wanted });
    const isAll = (group ?? name ?? wanted) === undefined;
    const asked = tables.map(isAll ? outlineOf : bodyOf);
    const fitted = fitTables(asked, mostBytes - wordsBytes);
    const data = { tables: fitted.tables, more_tables: fitted.more, note: noteOf(asked, fitted) };
    return {
      data,
      says: sentence(
        asked.map(table => table.name),
        names,
      ),
    };
  },
});

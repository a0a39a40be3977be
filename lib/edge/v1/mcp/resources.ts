/** Descriptions of the tables as resources, for clients that read them into a conversation by themselves. */
import {
  type ListResourcesResult,
  type ReadResourceResult,
  ResourceNotFoundError,
  type Server,
} from '@modelcontextprotocol/server';
import { listTables } from '@/lib/domains/desk/catalog/list-tables';
import type { DeskTable } from '@/lib/domains/desk/rules';
import type { CustomerCtx } from '@/lib/kernel/ctx';

const index = 'tenantry://tables';
const mimeType = 'text/markdown';
const uriOf = ({ name }: DeskTable): string => `${index}/${name}`;

/** A cell of a table in Markdown. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replace(/\s+/g, ' ');
const row = (...cells: string[]): string => `| ${cells.map(cell).join(' | ')} |`;

function indexText(tables: readonly DeskTable[]): string {
  const rows = tables.map(table =>
    row(`\`${table.name}\``, table.group, table.partitionColumn ?? 'none', table.description),
  );
  return [
    '# Tables',
    'SQL of BigQuery may name these. Filter by the column of the third row, and it reads and bills those days alone.',
    [row('Table', 'Group', 'Filter by', 'What it is'), row('---', '---', '---', '---'), ...rows].join('\n'),
  ].join('\n\n');
}

function tableText({ name, description, partitionColumn, needsFilter, columns }: DeskTable): string {
  const rows = columns.map(({ name: of, type, repeated, description: text }) =>
    row(`\`${of}\``, repeated ? `ARRAY<${type}>` : type, text),
  );
  return [
    `# ${name}`,
    description,
    partitionColumn === null ? '' : `Filter by \`${partitionColumn}\`, and BigQuery reads and bills those days alone.`,
    needsFilter ? 'Without that filter a query is refused.' : '',
    [row('Column', 'Type', 'What it is'), row('---', '---', '---'), ...rows].join('\n'),
  ]
    .filter(text => text !== '')
    .join('\n\n');
}

async function list(ctx: CustomerCtx): Promise<ListResourcesResult> {
  const tables = (await listTables(ctx, {})).map(table => ({
    uri: uriOf(table),
    name: table.name,
    description: table.description,
    mimeType,
  }));
  const description = 'All tables that queries may name.';
  return { resources: [{ uri: index, name: 'tables', title: 'Tables', description, mimeType }, ...tables] };
}

async function read(ctx: CustomerCtx, uri: string): Promise<ReadResourceResult> {
  if (uri === index) return { contents: [{ uri, mimeType, text: indexText(await listTables(ctx, {})) }] };
  const { success, data: asked } = listTables.input.safeParse({ table: uri.replace(`${index}/`, '') });
  const [table] = success ? await listTables(ctx, asked) : [];
  // A name in other letters, or after something else, is the name of no resource.
  if (!table || uriOf(table) !== uri) throw new ResourceNotFoundError(uri.slice(0, 500));
  return { contents: [{ uri, mimeType, text: tableText(table) }] };
}

/** Answers what is asked about resources. */
export function serveResources(server: Server, ctx: CustomerCtx): void {
  server.setRequestHandler('resources/list', () => list(ctx));
  server.setRequestHandler('resources/templates/list', () => ({
    resourceTemplates: [
      { uriTemplate: `${index}/{name}`, name: 'table', description: 'Columns of a table, by its name.', mimeType },
    ],
  }));
  server.setRequestHandler('resources/read', ({ params }) => read(ctx, params.uri));
}

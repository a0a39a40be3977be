/** Text of lib/warehouse/rows/<folder>.ts: each table's shape, zod row schema and row type, from the definitions. */
import type { TableDefinition } from '@/lib/warehouse/schemas/definition';

const pascal = (snake: string) => snake.replace(/(^|_)([a-z0-9])/g, (_, __, sign: string) => sign.toUpperCase());
const camel = (snake: string) => pascal(snake).replace(/^./, sign => sign.toLowerCase());
const list = (items: string[]) => `[${items.map(item => `'${item}'`).join(', ')}]`;

function tableEntry(dataset: string, table: TableDefinition): string {
  const { partitioning } = table;
  const type = table.fields.find(field => field.name === partitioning?.field)?.type;
  const columns = table.fields.map(field => `      ${field.name}: { type: '${field.type}', mode: '${field.mode}' },`);
  return [
    `  ${table.table}: {`,
    `    dataset: '${dataset}',`,
    `    table: '${table.table}',`,
    `    primaryKey: ${list(table.primaryKey)},`,
    `    partition: ${partitioning ? `{ field: '${partitioning.field}', type: '${type}' }` : 'null'},`,
    `    requirePartitionFilter: ${partitioning?.requirePartitionFilter ?? false},`,
    '    columns: {',
    ...columns,
    '    },',
    '  },',
  ].join('\n');
}

function rowExports(table: TableDefinition): string {
  return [
    `/** ${table.description.split(/(?<=\.) /)[0]} */`,
    `export const ${camel(table.table)}Row = rowSchema(tables.${table.table});`,
    `export type ${pascal(table.table)}Row = Row<typeof tables.${table.table}>;`,
  ].join('\n');
}

/** The generated TypeScript of one folder of tables, formatted as Biome would. */
export function rowsFile(dataset: string, tables: TableDefinition[]): string {
  return `/** Rows of the ${dataset} dataset. Generated from schemas/ by \`npm run generate\`; change the JSON files, not this one. */
import { type Row, rowSchema, type TableShape } from '@/lib/warehouse/schemas/table-shape';

export const tables = {
${tables.map(table => tableEntry(dataset, table)).join('\n')}
} as const satisfies Record<string, TableShape>;

${tables.map(rowExports).join('\n\n')}
`;
}

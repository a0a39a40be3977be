/** BigQuery DDL from table definitions: the text of sql/*_dataset.sql and the ALTER statements of apply. */
import type { FieldDefinition, TableDefinition } from '@/lib/warehouse/schemas/definition';

/** A GoogleSQL string literal. */
export const literal = (text: string) =>
  `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`;

/** A type with its size, as `NUMERIC(10, 2)`. */
export const typeText = ({ type, precision, scale }: { type: string; precision?: number; scale?: number }) =>
  precision === undefined ? type : `${type}(${precision}, ${scale ?? 0})`;

/** The column's type as DDL writes it, as `ARRAY<STRING>`. */
export const columnType = (field: Pick<FieldDefinition, 'type' | 'mode' | 'precision' | 'scale'>) =>
  field.mode === 'REPEATED' ? `ARRAY<${typeText(field)}>` : typeText(field);

/** One column of a CREATE TABLE. */
function columnLine(field: FieldDefinition): string {
  const parts = [`\`${field.name}\``, columnType(field)];
  if (field.default !== undefined) parts.push(`DEFAULT ${field.default}`);
  if (field.mode === 'REQUIRED') parts.push('NOT NULL');
  parts.push(`OPTIONS (description = ${literal(field.description)})`);
  return `  ${parts.join(' ')}`;
}

function partitionLine(table: TableDefinition): string[] {
  const { partitioning } = table;
  if (!partitioning) return [];
  const type = table.fields.find(field => field.name === partitioning.field)?.type;
  return [`PARTITION BY ${type === 'DATE' ? partitioning.field : `DATE(${partitioning.field})`}`];
}

const dayMs = 86_400_000;

function tableOptions(table: TableDefinition): string[] {
  const labels = Object.entries(table.labels).map(([key, value]) => `(${literal(key)}, ${literal(value)})`);
  const { expirationMs, requirePartitionFilter } = table.partitioning ?? {};
  return [
    `description = ${literal(table.description)}`,
    ...(labels.length ? [`labels = [${labels.join(', ')}]`] : []),
    ...(expirationMs === undefined ? [] : [`partition_expiration_days = ${expirationMs / dayMs}`]),
    ...(requirePartitionFilter ? ['require_partition_filter = TRUE'] : []),
  ];
}

/** CREATE TABLE IF NOT EXISTS of one table, without a closing semicolon (document 003, Best Practices). */
export function createTable(dataset: string, table: TableDefinition): string {
  const key = `  PRIMARY KEY (${table.primaryKey.join(', ')}) NOT ENFORCED`;
  return [
    `CREATE TABLE IF NOT EXISTS ${dataset}.${table.table} (`,
    [...table.fields.map(columnLine), key].join(',\n'),
    ')',
    ...partitionLine(table),
    ...(table.clustering ? [`CLUSTER BY ${table.clustering.join(', ')}`] : []),
    `OPTIONS (\n${tableOptions(table)
      .map(option => `  ${option}`)
      .join(',\n')}\n)`,
  ].join('\n');
}

/** Text of sql/<folder>_dataset.sql: a statement a table. */
export function datasetDdl(dataset: string, tables: TableDefinition[], title: string): string {
  const head = [
    `-- ${title}`,
    '-- Generated from schemas/ by `npm run generate`; change the JSON files, not this one.',
    '-- Policy tags, views and grants are applied by `npm run cli -- schemas security apply`.',
  ];
  return `${head.join('\n')}\n\n${tables.map(table => `${createTable(dataset, table)};`).join('\n\n')}\n`;
}

/** A table as statements name it. */
export const tableReference = (dataset: string, table: string) => `\`${dataset}\`.\`${table}\``;

/** Adds one column, always nullable; the service takes no DEFAULT in the same statement. */
export const addColumn = (dataset: string, table: string, field: FieldDefinition) =>
  `ALTER TABLE ${tableReference(dataset, table)} ADD COLUMN IF NOT EXISTS \`${field.name}\` ${columnType(field)} OPTIONS (description = ${literal(field.description)})`;

/** Gives a column the default that later inserts use; rows that exist keep their values. */
export const setDefault = (dataset: string, table: string, column: string, expression: string) =>
  `ALTER TABLE ${tableReference(dataset, table)} ALTER COLUMN \`${column}\` SET DEFAULT ${expression}`;

/** Takes a column's default away. */
export const dropDefault = (dataset: string, table: string, column: string) =>
  `ALTER TABLE ${tableReference(dataset, table)} ALTER COLUMN \`${column}\` DROP DEFAULT`;

/** Changes a column to a wider type. */
export const setDataType = (dataset: string, table: string, field: FieldDefinition) =>
  `ALTER TABLE ${tableReference(dataset, table)} ALTER COLUMN \`${field.name}\` SET DATA TYPE ${columnType(field)}`;

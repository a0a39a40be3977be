/** What the generated files in lib/warehouse/rows say of a table, and the row type and zod schema that follow from it. */
import { z } from 'zod';

export type ColumnType =
  | 'STRING'
  | 'INT64'
  | 'FLOAT64'
  | 'NUMERIC'
  | 'BIGNUMERIC'
  | 'BOOL'
  | 'TIMESTAMP'
  | 'DATE'
  | 'BYTES'
  | 'JSON';
export type ColumnMode = 'REQUIRED' | 'NULLABLE' | 'REPEATED';
export type ColumnShape = { readonly type: ColumnType; readonly mode: ColumnMode };

export type TableShape = {
  /** `customers`, or `tenant` and `agent` for the datasets of the caller's customer. */
  readonly dataset: 'customers' | 'tenant' | 'agent';
  readonly table: string;
  readonly primaryKey: readonly string[];
  readonly partition: { readonly field: string; readonly type: 'TIMESTAMP' | 'DATE' } | null;
  /** True where the service refuses a statement that does not bound the partition column. */
  readonly requirePartitionFilter: boolean;
  readonly columns: Readonly<Record<string, ColumnShape>>;
};

const decimal = z.string().regex(/^-?\d+(\.\d+)?$/, 'not a decimal number');

/** Values of each BigQuery type in JavaScript: decimals stay text (no rounding), JSON is parsed. */
const scalars = {
  STRING: z.string(),
  INT64: z.int(),
  FLOAT64: z.number(),
  NUMERIC: decimal,
  BIGNUMERIC: decimal,
  BOOL: z.boolean(),
  TIMESTAMP: z.date(),
  DATE: z.iso.date(),
  BYTES: z.custom<Buffer>(value => Buffer.isBuffer(value), 'not a Buffer'),
  JSON: z.unknown(),
} satisfies Record<ColumnType, z.ZodType>;

type Scalar<Type extends ColumnType> = (typeof scalars)[Type];
type ColumnSchema<Column extends ColumnShape> = Column['mode'] extends 'REPEATED'
  ? z.ZodArray<Scalar<Column['type']>>
  : Column['mode'] extends 'NULLABLE'
    ? z.ZodNullable<Scalar<Column['type']>>
    : Scalar<Column['type']>;
type RowSchema<Table extends TableShape> = z.ZodObject<
  { -readonly [Name in keyof Table['columns']]: ColumnSchema<Table['columns'][Name]> },
  z.core.$strict
>;

/** A row of the table as our code holds it. */
export type Row<Table extends TableShape> = z.output<RowSchema<Table>>;

function columnSchema({ type, mode }: ColumnShape): z.ZodType {
  const scalar = scalars[type];
  if (mode === 'REPEATED') return z.array(scalar);
  return mode === 'NULLABLE' ? scalar.nullable() : scalar;
}

/** The zod schema of a whole row; refuses columns the table does not have. Take parts of it with `.pick()`. */
export function rowSchema<const Table extends TableShape>(table: Table): RowSchema<Table> {
  const shape = Object.fromEntries(Object.entries(table.columns).map(([name, column]) => [name, columnSchema(column)]));
  // The loop builds exactly what ColumnSchema spells out; TypeScript cannot follow Object.fromEntries.
  return z.strictObject(shape) as unknown as RowSchema<Table>;
}

/** The form of schemas/<folder>/<table>.json, the one place where a BigQuery table is defined, and its reader. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';

const name = z.string().regex(/^[a-z][a-z0-9_]{0,127}$/, 'lower-case snake_case of at most 128 signs');
const description = z.string().min(10).max(1024);

/** Policy tags by their name in the taxonomy (document 003, Row-Level Security Setup, step 2). */
export const policyTagNames = ['customer-data', 'sensitive-data'] as const;
export type PolicyTagName = (typeof policyTagNames)[number];

const fieldSchema = z
  .strictObject({
    name,
    type: z.enum(['STRING', 'INT64', 'FLOAT64', 'NUMERIC', 'BIGNUMERIC', 'BOOL', 'TIMESTAMP', 'DATE', 'BYTES', 'JSON']),
    precision: z.int().min(1).max(76).optional(),
    scale: z.int().min(0).max(38).optional(),
    mode: z.enum(['REQUIRED', 'NULLABLE', 'REPEATED']),
    description,
    /** SQL expression, as `CURRENT_TIMESTAMP()` or `'STANDARD'`. */
    default: z.string().min(1).optional(),
    policyTag: z.enum(policyTagNames).optional(),
  })
  .refine(field => field.precision === undefined || field.type.endsWith('NUMERIC'), 'only NUMERIC has a precision')
  .refine(field => (field.precision === undefined) === (field.scale === undefined), 'precision and scale go together')
  .refine(field => field.default === undefined || field.mode !== 'REPEATED', 'a REPEATED column has no default')
  // A label of 63 signs at most names the column while older rows get its default.
  .refine(
    field => field.default === undefined || field.name.length <= 54,
    'a default needs a name of at most 54 signs',
  );

const definitionSchema = z
  .strictObject({
    description,
    partitioning: z
      .strictObject({
        field: name,
        type: z.literal('DAY'),
        /** Age at which a partition is deleted, in milliseconds; absent = never. */
        expirationMs: z.int().positive().optional(),
        requirePartitionFilter: z.boolean().optional(),
      })
      .optional(),
    clustering: z.array(name).min(1).max(4).optional(),
    primaryKey: z.array(name).min(1).max(16),
    labels: z.record(z.string().regex(/^[a-z][a-z0-9_-]{0,62}$/), z.string().regex(/^[a-z0-9_-]{0,63}$/)),
    fields: z.array(fieldSchema).min(1),
  })
  .superRefine((table, context) => {
    const fields = new Map(table.fields.map(field => [field.name, field]));
    const problem = (message: string) => context.addIssue({ code: 'custom', message });
    if (fields.size !== table.fields.length) problem('a column is named twice');
    for (const used of [...(table.clustering ?? []), ...table.primaryKey]) {
      if (!fields.has(used)) problem(`clustering or primary key names the unknown column ${used}`);
    }
    const partition = table.partitioning && fields.get(table.partitioning.field);
    if (table.partitioning && !partition) problem('the partition column does not exist');
    if (partition && partition.type !== 'TIMESTAMP' && partition.type !== 'DATE') {
      problem('the partition column is neither TIMESTAMP nor DATE');
    }
    if (partition && partition.mode !== 'REQUIRED') problem('the partition column is not REQUIRED');
  });

export type FieldDefinition = z.output<typeof fieldSchema>;
export type TableDefinition = z.output<typeof definitionSchema> & { table: string };
export type SchemaFolder = 'customers' | 'metadata' | 'agent';

/** Name by which SQL files address the folder's dataset: `tenant` stands for the caller's own, `agent` for that of its agent log. */
export const logicalDataset = { customers: 'customers', metadata: 'tenant', agent: 'agent' } as const;

/** Checks the content of one schema file; throws an Error that names the table and every problem. */
export function parseDefinition(table: string, json: unknown): TableDefinition {
  const parsed = definitionSchema.safeParse(json);
  if (!parsed.success) throw new Error(`schema of ${table} is wrong:\n${z.prettifyError(parsed.error)}`);
  return { table, ...parsed.data };
}

/** All tables of schemas/<folder>, by name; throws when a file is wrong. */
export function loadDefinitions(folder: SchemaFolder, root = process.cwd()): TableDefinition[] {
  const path = join(root, 'schemas', folder);
  return readdirSync(path)
    .filter(file => file.endsWith('.json'))
    .sort()
    .map(file => {
      const table = basename(file, '.json');
      return parseDefinition(table, JSON.parse(readFileSync(join(path, file), 'utf8')));
    });
}

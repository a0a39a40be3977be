/** What the service refuses of a load's rows and the local BigQuery takes, in the service's words. Source: docs/architecture.md, Ingest. */

export type Column = { name: string; type: string };
export type Refusal = { reason: string; message: string; details?: string };

const integer = (value: unknown) =>
  (typeof value === 'number' && Number.isInteger(value)) || (typeof value === 'string' && /^-?\d+$/.test(value));

const takes: Record<string, (value: unknown) => boolean> = {
  INT64: integer,
  INTEGER: integer,
  FLOAT64: value => typeof value === 'number' || (typeof value === 'string' && Number.isFinite(Number(value))),
  FLOAT: value => takes.FLOAT64?.(value) ?? false,
  BOOL: value => typeof value === 'boolean' || value === 'true' || value === 'false',
  BOOLEAN: value => takes.BOOL?.(value) ?? false,
  TIMESTAMP: value => typeof value === 'number' || !Number.isNaN(Date.parse(String(value))),
  STRING: value => typeof value !== 'object',
  JSON: () => true,
};

/** Why the service refuses a load of this schema into a table with these columns; null where it takes it. */
export function refusedSchema(table: string, sent: readonly Column[], live: readonly Column[]): Refusal | null {
  const known = new Map(live.map(column => [column.name.toLowerCase(), column]));
  for (const { name, type } of sent) {
    const column = known.get(name.toLowerCase());
    const doesNot = `Provided Schema does not match Table ${table}.`;
    if (!column) return { reason: 'invalid', message: `${doesNot} Cannot add fields (field: ${name})` };
    if (takes[column.type] !== takes[type] && column.type.slice(0, 3) !== type.slice(0, 3))
      return {
        reason: 'invalid',
        message: `${doesNot} Field ${name} has changed type from ${column.type} to ${type}`,
      };
  }
  return null;
}

function refusedValue(row: Record<string, unknown>, types: ReadonlyMap<string, string>): string | null {
  for (const [name, value] of Object.entries(row)) {
    const type = types.get(name);
    if (type === undefined) return `No such field: ${name}.`;
    if (value !== null && !takes[type]?.(value))
      return `Couldn't convert value to ${type}. Field: ${name}; Value: ${String(value)}`;
  }
  return null;
}

/** Why the service refuses these rows; it names the first byte of the first row it does not take. One that names `poison` it never takes. */
export function refusedRows(ndjson: string, sent: readonly Column[], poison: string | null): Refusal | null {
  const types = new Map(sent.map(({ name, type }) => [name, type]));
  let position = 0;
  for (const line of ndjson.split('\n')) {
    const isPoison = poison !== null && line.includes(poison);
    const value = line === '' ? null : refusedValue(JSON.parse(line) as Record<string, unknown>, types);
    const problem = isPoison ? 'Internal error of this row.' : value;
    if (problem)
      return {
        reason: 'invalid',
        message:
          'Error while reading data, error message: JSON table encountered too many errors, giving up. Rows: 1; errors: 1. Please look into the errors[] collection for more details.',
        details: `Error while reading data, error message: JSON parsing error in row starting at position ${position}: ${problem}`,
      };
    position += Buffer.byteLength(line) + 1;
  }
  return null;
}

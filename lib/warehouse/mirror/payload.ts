/** A mirrored row as one JSON text: every scalar is text there, so no number or instant is rounded on its way. */
import { isLongNumber } from '@/lib/platform/exact-json';
import type { TableShape } from '@/lib/warehouse/mirror/define-mirror';

/** The row cannot be written as the table wants it; the message names the column. */
export class UnsendableRowError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'UnsendableRowError';
  }
}

const instantPattern = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}(:?\d{2})?)$/;

function fail(expected: string): never {
  throw new UnsendableRowError(`expected ${expected}`);
}

/** Members in the order of their names, as BigQuery keeps JSON. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object' || isLongNumber(value)) return value;
  if (typeof (value as { toJSON?: unknown }).toJSON === 'function') return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, item]) => [name, sorted(item)]));
}

function decimalText(value: unknown): string {
  const text = String(value);
  if (!/^-?\d+(\.\d+)?$/.test(text)) fail('a decimal number');
  const plain = text.includes('.') ? text.replace(/\.?0+$/, '') : text;
  return plain === '-0' ? '0' : plain;
}

function instantText(value: unknown): string {
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) fail('a valid instant');
    const text = value.toISOString();
    return /^\d{4}-/.test(text) ? text : fail('an instant in the years 0000 to 9999');
  }
  return typeof value === 'string' && instantPattern.test(value) ? value : fail('an instant');
}

/** Text of one value, by BigQuery type. */
const texts: Record<string, (value: unknown) => string> = {
  STRING: value => (typeof value === 'string' ? value : fail('text')),
  INT64: value => (typeof value === 'bigint' || Number.isSafeInteger(value) ? String(value) : fail('a safe integer')),
  FLOAT64: value => (typeof value === 'number' ? String(value) : fail('a number')),
  NUMERIC: decimalText,
  BIGNUMERIC: decimalText,
  BOOL: value => (typeof value === 'boolean' ? String(value) : fail('true or false')),
  DATE: value => (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : fail('a date yyyy-mm-dd')),
  TIMESTAMP: instantText,
  BYTES: value => (value instanceof Uint8Array ? Buffer.from(value).toString('base64') : fail('bytes')),
  JSON: value => JSON.stringify(sorted(value)) ?? fail('a JSON value'),
};

function cell({ type, mode }: { type: string; mode: string }, value: unknown): string | string[] | undefined {
  const text = texts[type];
  if (!text) throw new UnsendableRowError(`no way to send a column of type ${type}`);
  if (mode === 'REPEATED') return Array.isArray(value) ? value.map(text) : value == null ? [] : fail('a list');
  if (value !== null && value !== undefined) return text(value);
  return mode === 'REQUIRED' ? fail('a value, the column is required') : undefined;
}

/**
 * The row as JSON text with its columns in the table's order; absent means NULL. Two rows are equal in BigQuery
 * exactly when their texts are. Throws UnsendableRowError for a wrong type, a missing or an unknown column.
 */
export function rowText(shape: TableShape, row: Record<string, unknown>): string {
  const unknown = Object.keys(row).find(name => !(name in shape.columns));
  if (unknown) throw new UnsendableRowError(`${shape.table} has no column ${unknown}`);
  const cells = Object.entries(shape.columns).map(([name, column]) => {
    try {
      return [name, cell(column, row[name])];
    } catch (error) {
      throw new UnsendableRowError(`${shape.table}.${name}: ${(error as Error).message}`, { cause: error });
    }
  });
  return JSON.stringify(Object.fromEntries(cells));
}

/** The text that asks for the deletion of a row. */
export const deletionText = (shape: TableShape, key: string): string =>
  JSON.stringify({ [keyColumn(shape)]: key, _deleted: 'true' });

const keyTypes: readonly (string | undefined)[] = ['STRING', 'INT64'];

/** The one column that is the table's primary key; on their way keys are texts, those that are numbers too. */
export function keyColumn(shape: TableShape): string {
  const [name, ...more] = shape.primaryKey;
  if (!name || more.length || !keyTypes.includes(shape.columns[name]?.type)) {
    throw new Error(`${shape.table} cannot be mirrored: its primary key is not one column of text or whole numbers`);
  }
  return name;
}

/** UTC day of a partition value as outbox rows carry it, null when it is not known. */
export const dayOf = (value: unknown): string | null => {
  const text = value instanceof Date ? value.toISOString() : String(value ?? '');
  return /^\d{4}-\d{2}-\d{2}/.test(text) ? text.slice(0, 10) : null;
};

/** Cells of a result as JSON holds them: what it cannot say exactly is text. */
import type { ResultColumn } from '@/lib/domains/desk/rules';
import { type CellSchema, decimalText, type RawRow } from '@/lib/platform/bigquery/bigquery-values';
import { parseJson } from '@/lib/platform/exact-json';

export type JsonValue = unknown;
/** By the name of the column. */
export type JsonRow = Record<string, JsonValue>;

/** Signs of a cell that a page shows; the CSV has it whole. */
export const cellSigns = 10_000;

const standardNames: Readonly<Record<string, string>> = {
  INTEGER: 'INT64',
  FLOAT: 'FLOAT64',
  BOOLEAN: 'BOOL',
  RECORD: 'STRUCT',
};

/** The columns as GoogleSQL names their types. */
export const columnsOf = (fields: readonly CellSchema[]): ResultColumn[] =>
  fields.map(({ name, type, mode }) => ({
    name,
    type: standardNames[type] ?? type,
    repeated: mode === 'REPEATED',
  }));

function wholeNumber(text: string): number | string {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : text;
}

const notFinite: Readonly<Record<string, string>> = {
  nan: 'NaN',
  inf: 'Infinity',
  '+inf': 'Infinity',
  infinity: 'Infinity',
  '-inf': '-Infinity',
  '-infinity': '-Infinity',
};

function floatValue(text: string): number | string {
  const number = Number(text);
  return notFinite[text.toLowerCase()] ?? (Number.isFinite(number) ? number : text);
}

/** ISO 8601 in UTC, with as many digits of a second as it has. BigQuery gives whole microseconds. */
function instantText(text: string): string {
  if (!/^-?\d+$/.test(text)) return text;
  const micros = BigInt(text);
  const fraction = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const seconds = Number((micros - fraction) / 1_000_000n);
  const whole = new Date(seconds * 1_000).toISOString().slice(0, 19);
  const digits = fraction === 0n ? '' : `.${String(fraction).padStart(6, '0').replace(/0+$/, '')}`;
  return `${whole}${digits}Z`;
}

/** Whole numbers beyond 2^53 as texts, as those of a column are. */
function withTexts(value: unknown): JsonValue {
  if (typeof value !== 'object' || value === null) return value;
  if (JSON.isRawJSON(value)) return (value as { rawJSON: string }).rawJSON;
  if (Array.isArray(value)) return value.map(withTexts);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withTexts(item)]));
}

function jsonValue(text: string): JsonValue {
  try {
    return withTexts(parseJson(text));
  } catch {
    return text;
  }
}

const scalars: Readonly<Record<string, (text: string) => JsonValue>> = {
  INT64: wholeNumber,
  FLOAT64: floatValue,
  BOOL: text => text === 'true',
  NUMERIC: decimalText,
  BIGNUMERIC: decimalText,
  TIMESTAMP: instantText,
  JSON: jsonValue,
};

/** The fields of a struct; of two with one name the second has a number, since JSON can hold one alone. */
function structOf(fields: readonly CellSchema[], row: RawRow): JsonRow {
  const seen = new Map<string, number>();
  const entries = fields.map(({ name, ...schema }, index) => {
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return [times > 1 ? `${name}_${times}` : name, jsonOf({ name, ...schema }, row.f[index]?.v)] as const;
  });
  return Object.fromEntries(entries);
}

function jsonOf(schema: CellSchema, value: unknown): JsonValue {
  if (schema.mode === 'REPEATED') {
    const items = Array.isArray(value) ? (value as { v: unknown }[]) : [];
    return items.map(item => jsonOf({ ...schema, mode: 'NULLABLE' }, item.v));
  }
  if (value === null || value === undefined) return null;
  const type = standardNames[schema.type] ?? schema.type;
  if (type === 'STRUCT') return structOf(schema.fields ?? [], value as RawRow);
  const text = String(value);
  const decode = scalars[type];
  return decode ? decode(text) : text;
}

/** Rows by the names of their columns: INT64 beyond 2^53, NUMERIC and BIGNUMERIC are texts, BYTES base64, TIMESTAMP ISO, NaN a text. */
export const jsonRows = (fields: readonly CellSchema[], rows: readonly RawRow[]): JsonRow[] =>
  rows.map(row => structOf(fields, row));

/** A cell as a page shows it: what is longer than cellSigns is cut and says so. */
export function cutCell(value: JsonValue): JsonValue {
  const isNested = typeof value === 'object' && value !== null;
  if (!isNested && typeof value !== 'string') return value;
  const text = isNested ? JSON.stringify(value) : (value as string);
  if (text.length <= cellSigns) return value;
  const kept = text.slice(0, cellSigns).replace(/[\uD800-\uDBFF]$/, '');
  return `${kept}… (cut: ${text.length.toLocaleString('en-US')} signs; the CSV file has them all)`;
}

/** A row as a page shows it. */
export const cutRow = (row: JsonRow): JsonRow =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, cutCell(value)]));

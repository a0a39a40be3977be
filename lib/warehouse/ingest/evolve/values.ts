/** Which values a column takes as they are, which as their text, and which not at all. */
import type { ColumnType } from '@/lib/warehouse/ingest/column-types';

const int64 = /^-?\d{1,19}$/;
const instant = /^"(\d{4})-(\d\d)-(\d\d)[T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)"$/;
const [minInt64, maxInt64] = [-(2n ** 63n), 2n ** 63n - 1n];

const fitsInt64 = (text: string) =>
  int64.test(text) && (text.length < 19 || (BigInt(text) >= minInt64 && BigInt(text) <= maxInt64));

/** A day that there is, in the years that TIMESTAMP holds, and a time; `Date` would take 30 February for 1 March. */
function isInstant(json: string): boolean {
  const [, year, month, day] = instant.exec(json) ?? [];
  if (year === undefined || year === '0000' || Number.isNaN(Date.parse(json.slice(1, -1)))) return false;
  return new Date(Date.UTC(2000 + (Number(year) % 400), Number(month) - 1, Number(day))).getUTCDate() === Number(day);
}

/** The type of a value by its JSON text; null for `null`. */
export function typeOfJson(json: string): ColumnType | null {
  if (json === 'null') return null;
  if (json === 'true' || json === 'false') return 'BOOL';
  if (json.startsWith('"')) return isInstant(json) ? 'TIMESTAMP' : 'STRING';
  return fitsInt64(json) ? 'INT64' : 'FLOAT64';
}

/**
 * Types of values that a column takes without loss, by its type as BigQuery names it. The types that we do not make stand
 * for columns made by hand: what they take as text BigQuery judges.
 */
const taken: Record<string, readonly ColumnType[]> = {
  STRING: ['STRING', 'TIMESTAMP', 'BOOL', 'INT64', 'FLOAT64'],
  JSON: ['STRING', 'TIMESTAMP', 'BOOL', 'INT64', 'FLOAT64'],
  BOOL: ['BOOL'],
  INT64: ['INT64'],
  FLOAT64: ['INT64', 'FLOAT64'],
  NUMERIC: ['INT64'],
  BIGNUMERIC: ['INT64'],
  TIMESTAMP: ['TIMESTAMP'],
  DATETIME: ['TIMESTAMP', 'STRING'],
  DATE: ['STRING'],
  TIME: ['STRING'],
  BYTES: ['STRING'],
};

/** True when a column of this type takes a value of that one without loss. */
export const takes = (columnType: string, value: ColumnType): boolean => taken[columnType]?.includes(value) ?? false;

/** True when such a value stands in NDJSON for the column as it stands for itself. */
export const takesAsIs = (columnType: string, value: ColumnType): boolean =>
  takes(columnType, value) && (columnType !== 'STRING' || value === 'STRING' || value === 'TIMESTAMP');

/** A taken value's JSON for the column: in STRING numbers and booleans are their own text. */
export const jsonFor = (columnType: string, json: string): string =>
  columnType === 'STRING' && json !== 'null' && !json.startsWith('"') ? `"${json}"` : json;

/** BigQuery's REST cells to JavaScript values and back; typed explicitly because the client guesses. */

import { parseJson } from '@/lib/platform/exact-json';

export type ScalarType = 'STRING' | 'INT64' | 'FLOAT64' | 'BOOL' | 'DATE' | 'TIMESTAMP' | 'NUMERIC';
export type QueryParameter =
  | { type: ScalarType; value: string | number | boolean | Date | null }
  | { type: 'ARRAY<STRING>'; value: string[] };
export type QueryParameters = Record<string, QueryParameter>;

export type CellSchema = { name: string; type: string; mode?: string; fields?: CellSchema[] };
type Cell = { v: unknown };
export type RawRow = { f: Cell[] };

function scalarText(value: string | number | boolean | Date | null): string | null {
  if (value === null) return null;
  return value instanceof Date ? value.toISOString() : String(value);
}

/** Named parameters as the REST API takes them. */
export function encodeParameters(parameters: QueryParameters) {
  return Object.entries(parameters).map(([name, parameter]) =>
    parameter.type === 'ARRAY<STRING>'
      ? {
          name,
          parameterType: { type: 'ARRAY', arrayType: { type: 'STRING' } },
          parameterValue: { arrayValues: parameter.value.map(value => ({ value })) },
        }
      : { name, parameterType: { type: parameter.type }, parameterValue: { value: scalarText(parameter.value) } },
  );
}

function decodeTimestamp(text: string): Date {
  // int64 microseconds; a local BigQuery may answer seconds as a float or an ISO text.
  if (/^-?\d+$/.test(text)) return new Date(Math.floor(Number(text) / 1000));
  if (/^-?[\d.]+(E[+-]?\d+)?$/i.test(text)) return new Date(Math.round(Number(text) * 1000));
  return new Date(text.includes('T') || text.endsWith('Z') ? text : `${text.replace(' ', 'T').replace(/ ?UTC$/, '')}Z`);
}

/** A decimal without exponent; a local BigQuery writes small ones as 1E-9. */
function plainDecimal(text: string): string {
  const [digits = '', exponent] = text.split(/e/i);
  if (exponent === undefined) return text;
  const [whole = '', fraction = ''] = digits.replace('-', '').split('.');
  const point = whole.length + Number(exponent);
  const padded = `${'0'.repeat(Math.max(0, 1 - point))}${whole}${fraction}`.padEnd(Math.max(1, point), '0');
  const at = Math.max(1, point);
  const plain = `${padded.slice(0, at)}.${padded.slice(at)}`.replace(/\.?0*$/, '');
  return digits.startsWith('-') && /[1-9]/.test(plain) ? `-${plain}` : plain;
}

/** Decimal text without trailing zeros and exponent, as the service writes it. */
export function decimalText(text: string): string {
  const plain = plainDecimal(text);
  return plain.includes('.') ? plain.replace(/\.?0+$/, '') : plain;
}

const decoders: Record<string, (text: string) => unknown> = {
  STRING: text => text,
  INTEGER: Number,
  INT64: Number,
  FLOAT: Number,
  FLOAT64: Number,
  NUMERIC: decimalText,
  BIGNUMERIC: decimalText,
  BOOLEAN: text => text === 'true',
  BOOL: text => text === 'true',
  TIMESTAMP: decodeTimestamp,
  DATE: text => text,
  DATETIME: text => text,
  TIME: text => text,
  BYTES: text => Buffer.from(text, 'base64'),
  JSON: text => parseJson(text),
};

function decodeCell(schema: CellSchema, value: unknown): unknown {
  if (schema.mode === 'REPEATED') {
    const items = Array.isArray(value) ? (value as Cell[]) : [];
    return items.map(item => decodeCell({ ...schema, mode: 'NULLABLE' }, item.v));
  }
  if (value === null || value === undefined) return null;
  if (schema.type === 'RECORD' || schema.type === 'STRUCT') return decodeRow(schema.fields ?? [], value as RawRow);
  const decode = decoders[schema.type];
  if (!decode) throw new Error(`no decoder for BigQuery type ${schema.type}`);
  return decode(String(value));
}

function decodeRow(fields: CellSchema[], row: RawRow): Record<string, unknown> {
  return Object.fromEntries(fields.map((field, index) => [field.name, decodeCell(field, row.f[index]?.v)]));
}

/** Rows as objects: INT64 number, NUMERIC text, DATE text, TIMESTAMP Date, BYTES Buffer, JSON parsed. */
export const decodeRows = (fields: CellSchema[], rows: RawRow[]) => rows.map(row => decodeRow(fields, row));

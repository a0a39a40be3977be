/** The hash by which a request sent twice is one row. Source: docs/spec/001-ai-traces.md, Deduplication Strategy. */
import { hash } from 'node:crypto';
import type { TraceRow } from '@/lib/domains/traces/normalize/trace-row';

/** What tells a request from others; no other column is part of the hash. */
export type HashedColumns = Pick<
  TraceRow,
  | 'session_id'
  | 'developer_id'
  | 'timestamp'
  | 'model'
  | 'tokens_in'
  | 'tokens_out'
  | 'latency_ms'
  | 'status_code'
  | 'accepted_flag'
  | 'repo_slug'
  | 'event_date'
>;

/** Printable ASCII but the quote and the backslash: most of all texts. */
const plain = /^[ !#-[\]-~]*$/;

const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** As Python's json.dumps writes a text: what is not ASCII as `\uXXXX` of its UTF-16 units, half surrogates too. */
function pythonText(text: string | null): string {
  if (text === null) return 'null';
  return plain.test(text) ? `"${text}"` : JSON.stringify(text).replace(/[\x7f-\uffff]/g, escaped);
}

/** As Python's repr of a float: the shortest digits, with a point, with an exponent below 1e-4 and from 1e16 on. */
function pythonFloat(value: number): string {
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e16) return Object.is(value, -0) ? '-0.0' : `${value}.0`;
  if (size >= 1e-4 && size < 1e16) return `${value}`;
  return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
}

/** SHA-1, as 40 hexadecimal digits, of what Python's `json.dumps(payload, sort_keys=True)` gives for the columns. */
export function traceHash(row: HashedColumns): string {
  return hash(
    'sha1',
    `{"accepted_flag": ${row.accepted_flag}, "developer_id": ${pythonText(row.developer_id)}, "event_date": ${pythonText(row.event_date)}, "latency_ms": ${pythonFloat(row.latency_ms)}, "model": ${pythonText(row.model)}, "repo_slug": ${pythonText(row.repo_slug)}, "session_id": ${pythonText(row.session_id)}, "status_code": ${row.status_code}, "timestamp": ${pythonText(row.timestamp)}, "tokens_in": ${row.tokens_in}, "tokens_out": ${row.tokens_out}}`,
  );
}

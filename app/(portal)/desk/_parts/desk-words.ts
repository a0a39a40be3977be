/** Words, sizes and addresses of the query desk. Pure. */
import { formatDollars } from '@/app/_ui/format';
import type { Status } from '@/app/_ui/status';
import {
  type Door,
  defaultLimit,
  type QueryStatus,
  type ResultColumn,
  resultRows,
  usdOfBytes,
} from '@/lib/domains/desk/rules';
import { formatBytes } from '@/lib/platform/words/format-bytes';

export const deskHref = '/desk';
export const historyHref = `${deskHref}/history`;
export const savedHref = `${deskHref}/saved`;
export const limitsHref = `${deskHref}/settings`;

export const queryHref = (queryId: string): `/${string}` => `/desk/queries/${encodeURIComponent(queryId)}`;
export const savedQueryHref = (savedQueryId: string): string => `${savedHref}/${encodeURIComponent(savedQueryId)}`;
/** The whole result as a file. */
export const csvHref = (queryId: string): string => `/api/desk/queries/${encodeURIComponent(queryId)}/rows?format=csv`;

/** What the editor opens with: a look at a table, a query that was asked, a saved one, or an example. */
export const editorHref = (
  of: { table: string } | { query: string } | { saved: string } | { example: string },
): string => `${deskHref}?${new URLSearchParams(of)}`;

/** LIMITs that the editor offers. */
export const rowChoices: readonly number[] = [100, defaultLimit, resultRows];

/** "10.0 MiB, < $0.0001"; a dash where it is not known yet. */
export function billedWords(bytes: number | null, usdPerTib: number): string {
  if (bytes === null) return '–';
  return bytes === 0 ? formatBytes(0) : `${formatBytes(bytes)}, ${formatDollars(usdOfBytes(bytes, usdPerTib))}`;
}

export const statusOf: Record<QueryStatus, Status> = {
  RUNNING: 'running',
  COMPLETED: 'succeeded',
  FAILED: 'failed',
  LOST: 'unknown',
};

/** What is known of a query that failed, as a title: its own words, as BigQuery or the desk said them, stand below. */
export function failureTitle(words: string | null): string {
  if (words === null) return 'It failed.';
  if (words.startsWith('The query was not sent')) return 'It was not sent to BigQuery.';
  if (words.startsWith('The query took longer')) return 'It was stopped.';
  if (words.startsWith('Nobody knows')) return 'What became of it is not known.';
  return /exceeded limit for bytes billed/i.test(words) ? 'BigQuery stopped it at its cap.' : 'It failed in BigQuery.';
}

export const doorWords: Record<Door, string> = { portal: 'Portal', api: 'API', mcp: 'MCP' };

/** The door within a sentence. */
export const byDoor: Record<Door, string> = { portal: 'in the portal', api: 'by the API', mcp: 'by MCP' };

/** The first line of a text that says something, cut to what a list shows. */
export function firstLine(sql: string, signs = 90): string {
  const line =
    sql
      .split('\n')
      .map(text => text.trim())
      .find(text => text !== '' && !text.startsWith('--')) ?? sql.trim();
  return line.length > signs ? `${line.slice(0, signs).trimEnd()}…` : line;
}

const units: Record<string, number> = { '': 1024 ** 2, b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };

/**
 * Bytes of a size that a person wrote: "10 MB", "1.5 GiB", "500" (MiB). As BigQuery does, a unit means a power of 1,024.
 * Null where nothing was written, and what is no size as it is, to be refused by its field.
 */
export function bytesIn(written: string): number | string | null {
  const text = written.trim();
  if (text === '') return null;
  const [, amount = '', unit = ''] = /^([\d,]*\.?\d+)\s*(?:([kmgt])(?:i?b)?|b|bytes)?$/i.exec(text) ?? [];
  const isBytes = /b$|bytes$/i.test(text) && unit === '';
  const bytes = Number(amount.replaceAll(',', '')) * (units[isBytes ? 'b' : unit.toLowerCase()] ?? Number.NaN);
  return amount !== '' && Number.isFinite(bytes) ? Math.round(bytes) : text;
}

/** The same size as a person would write it again. */
export const sizeInput = (bytes: number | null): string =>
  bytes === null ? '' : formatBytes(bytes, { exact: true }).replace('\u00a0', ' ');

const sizeOf = (_: string, bytes: string): string => formatBytes(Number(bytes.replaceAll(',', '')), { exact: true });

/** A sentence with its bytes as sizes: "The least is 10485760 bytes (10 MiB)" names it once. */
export const withSizes = (sentence: string): string =>
  sentence.replace(/([\d,]+) bytes \([^)]*\)/g, sizeOf).replace(/([\d,]{4,}) bytes/g, sizeOf);

/** "STRING", "ARRAY of STRING". */
export const typeWords = ({ type, repeated }: ResultColumn): string => (repeated ? `ARRAY of ${type}` : type);

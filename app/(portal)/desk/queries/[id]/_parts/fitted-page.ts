/** As much of a result as one page may weigh: cells are cut earlier, then rows left to the next page, then columns to the file. Pure. */
import { prettyJson } from '@/app/(portal)/desk/queries/[id]/_parts/cell';
import type { ResultColumn } from '@/lib/domains/desk/rules';

type Row = Readonly<Record<string, unknown>>;
type Fitted = { columns: readonly ResultColumn[]; rows: readonly Row[] };

/** Bytes of HTML that rows may come to; their page has its frame and the text of the query besides. */
const mostBytes = 160_000;
const mostColumns = 150;
/** Signs of a cell, by how long the cells of the page are. */
const cuts = [1_000, 200, 50] as const;
/** Cells are cut harder before a page has fewer rows than this. */
const fewRows = 20;
/** Marks of a cell, drawn once as HTML and once for the browser's script. */
const cellBytes = 160;

/** Signs that HTML or a script writes longer than they are. */
const escapes = /["'&<>\\\n]/g;
const drawnBytes = (text: string): number =>
  cellBytes + 2 * Buffer.byteLength(text) + 8 * (text.match(escapes)?.length ?? 0);

/** The beginning of what is longer than `signs`, as text that says so. */
function cutTo(value: unknown, signs: number): unknown {
  const isNested = typeof value === 'object' && value !== null;
  if (!isNested && typeof value !== 'string') return value;
  const text = isNested ? JSON.stringify(value) : (value as string);
  if (text.length <= signs) return value;
  return `${text.slice(0, signs).replace(/[\uD800-\uDBFF]$/, '')}… (cut; the CSV has it whole)`;
}

function weightOf(value: unknown, type: string): number {
  const pretty = prettyJson(value, type);
  return drawnBytes(pretty ?? String(value)) + (pretty === null ? 0 : cellBytes);
}

/** The first rows that fit with cells of so many signs; one at least. */
function rowsWithin({ columns, rows }: Fitted, signs: number): Row[] {
  const fitting: Row[] = [];
  let bytes = 0;
  for (const row of rows) {
    const cut = Object.fromEntries(columns.map(({ name }) => [name, cutTo(row[name], signs)]));
    bytes += columns.reduce((sum, { name, type }) => sum + weightOf(cut[name], type), 0);
    if (bytes > mostBytes && fitting.length > 0) break;
    fitting.push(cut);
  }
  return fitting;
}

/** Rows in order from the first one, with the columns that are shown. */
export function fittedPage(result: Fitted): Fitted {
  const columns = result.columns.slice(0, mostColumns);
  const enough = Math.min(fewRows, result.rows.length);
  let rows: Row[] = [];
  for (const signs of cuts) {
    rows = rowsWithin({ columns, rows: result.rows }, signs);
    if (rows.length >= enough) break;
  }
  return { columns, rows };
}

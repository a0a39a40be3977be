/** Rows of one id become one: of each column the latest value that is there. Source: docs/spec/004-event-collection.md, Table Structure. */
import { eachCell, linesOf } from '@/lib/warehouse/ingest/evolve/flat-row';

/** By it rows of one id are put in order. */
export const timeColumn = 'timestamp';

type Cell = { json: string; atMs: number; time: string };
type Folded = Map<string, Cell>;

/** Time of a row that says none: before all others. */
const never = Number.NEGATIVE_INFINITY;

export type FoldedRows = {
  ndjson: string;
  rows: number;
  /** Every column that a row has a value of. */
  columns: ReadonlySet<string>;
  /** Columns of which a row has a value that is older than the row, with the column that says since when. */
  older: ReadonlyMap<string, string>;
};

const textOf = (json: string | undefined): string => (json?.startsWith('"') ? (JSON.parse(json) as string) : '');

function readCells(line: string): Map<string, string> {
  const cells = new Map<string, string>();
  eachCell(line, (name, json) => {
    if (json !== 'null') cells.set(name, json);
  });
  return cells;
}

function lay(folded: Folded, cells: ReadonlyMap<string, string>): void {
  const time = textOf(cells.get(timeColumn));
  const parsed = Date.parse(time);
  const atMs = Number.isNaN(parsed) ? never : parsed;
  for (const [name, json] of cells) {
    const known = folded.get(name);
    if (!known || atMs >= known.atMs) folded.set(name, { json, atMs, time });
  }
}

/** One line of an id; columns whose value is older than the row say so in a column of their own. */
function lineOf(folded: Folded, olderName: (column: string) => string): string {
  const newest = folded.get(timeColumn)?.atMs ?? never;
  const cells: string[] = [];
  for (const [name, { json, atMs, time }] of folded) {
    cells.push(`"${name}":${json}`);
    if (atMs >= newest) continue;
    cells.push(`"${olderName(name)}":${JSON.stringify(time === '' ? '0001-01-01T00:00:00Z' : time)}`);
  }
  return `{${cells.join(',')}}\n`;
}

/** Folds rows that come in any order; of those of one time the later line wins. */
export function foldRows(ndjson: string): FoldedRows {
  const byId = new Map<string, Folded>();
  for (const line of linesOf(ndjson)) {
    const cells = readCells(line);
    const id = cells.get('id') ?? '';
    const folded: Folded = byId.get(id) ?? new Map();
    byId.set(id, folded);
    lay(folded, cells);
  }
  const older = new Map<string, string>();
  const olderName = (column: string) => {
    const name = older.get(column) ?? `since_${older.size}__`;
    older.set(column, name);
    return name;
  };
  const lines = [...byId.values()].map(folded => lineOf(folded, olderName));
  const columns = new Set([...byId.values()].flatMap(folded => [...folded.keys()]));
  return { ndjson: lines.join(''), rows: lines.length, columns, older };
}

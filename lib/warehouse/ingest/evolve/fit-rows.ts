/** Makes rows fit the table as it is now: what all columns take passes as text, unread; the rest is read value by value. */
import type { ColumnType } from '@/lib/warehouse/ingest/column-types';
import { eachCell, linesOf, textsOf } from '@/lib/warehouse/ingest/evolve/flat-row';
import { fieldsByName } from '@/lib/warehouse/ingest/evolve/plan-columns';
import type { Discard, DiscardReason, LoadField, RefusedRow } from '@/lib/warehouse/ingest/evolve/prepared';
import { jsonFor, takes, takesAsIs, typeOfJson } from '@/lib/warehouse/ingest/evolve/values';

/** Values of a discard that are kept for a replay. */
export const keptDiscardedValues = 10_000;

export type FitChunk = { columns: Record<string, ColumnType[]>; ndjson: string; rows: number };

export type FitRules = {
  fields: readonly LoadField[];
  /** Columns that are not made, with the reason. */
  leftOut: ReadonlyMap<string, DiscardReason>;
  /** `discard` drops the value and keeps the row; `refuse` sets the row aside, as BigQuery would. */
  misfits: 'discard' | 'refuse';
};

export type Fitted = { ndjson: string; rows: number; discards: Discard[]; refused: RefusedRow[] };

/** A column of the batch and what it means for the table: null where the table has no such column. */
type Column = { field: LoadField | null; leftOut: DiscardReason | undefined };

const isScalar = (field: LoadField) => field.mode !== 'REPEATED';

/** BigQuery's words for a row of a load job that does not fit. */
const wordsOf = (problem: string) =>
  `Error while reading data, error message: JSON parsing error in row starting at position 0: ${problem}`;
const noSuchField = (name: string) => wordsOf(`No such field: ${name}.`);
const notConverted = (name: string, json: string, type: string) =>
  wordsOf(`Could not convert value '${json.slice(0, 200)}' to ${type}. Field: ${name}`);

class Fitter {
  readonly discards = new Map<string, Discard>();
  readonly refused: RefusedRow[] = [];
  rows = 0;
  readonly #byName: Map<string, LoadField>;
  constructor(readonly rules: FitRules) {
    this.#byName = fieldsByName(rules.fields);
  }

  columnOf(name: string): Column {
    const field = this.#byName.get(name.toLowerCase()) ?? null;
    return { field: field && isScalar(field) ? field : null, leftOut: this.rules.leftOut.get(name) };
  }

  /** True when all values of these types stand in the rows as the column takes them. */
  passes(name: string, types: readonly ColumnType[]): boolean {
    const { field } = this.columnOf(name);
    return field !== null && field.name === name && types.every(type => takesAsIs(field.type, type));
  }

  /** The row for the table; null when it was refused. Only cells of `misfits` need a look. */
  line(line: string, misfits: ReadonlySet<string>): string | null {
    const cells: string[] = [];
    let [changed, error]: [boolean, string | null] = [false, null];
    eachCell(line, (name, json) => {
      if (!misfits.has(name)) {
        cells.push(`"${name}":${json}`);
        return;
      }
      const type = typeOfJson(json);
      const { field, leftOut } = this.columnOf(name);
      if (field && (type === null || takes(field.type, type))) {
        const fitted = jsonFor(field.type, json);
        changed ||= fitted !== json || field.name !== name;
        cells.push(`"${field.name}":${fitted}`);
        return;
      }
      changed = true;
      if (type === null) return;
      if (this.rules.misfits === 'refuse') {
        error ??= field ? notConverted(name, json, field.type) : noSuchField(name);
      } else this.#discard(line, name, leftOut ?? 'type_conflict', type, field?.type ?? null, json);
    });
    if (error !== null) {
      this.refused.push({ rowId: textsOf(line, 'id')[0] as string, row: line, error });
      return null;
    }
    return changed ? `{${cells.join(',')}}` : line;
  }

  #discard(
    line: string,
    column: string,
    reason: DiscardReason,
    valueType: ColumnType,
    columnType: string | null,
    value: string,
  ) {
    const key = `${column} ${reason} ${valueType}`;
    const discard = this.discards.get(key) ?? { column, reason, valueType, columnType, count: 0, values: [] };
    this.discards.set(key, discard);
    discard.count++;
    if (discard.values.length >= keptDiscardedValues) return;
    const [rowId = '', receivedAt = ''] = textsOf(line, 'id', 'received_at');
    discard.values.push({ rowId, receivedAt, value });
  }
}

/** Lines that name none of these columns need no look. */
function mayHold(names: readonly string[]): (line: string) => boolean {
  if (names.length > 8) return () => true;
  const marks = names.map(name => `"${name}":`);
  return line => marks.some(mark => line.includes(mark));
}

function fitChunk(fitter: Fitter, { columns, ndjson, rows }: FitChunk): string {
  const misfits = Object.entries(columns)
    .filter(([name, types]) => !fitter.passes(name, types))
    .map(([name]) => name);
  if (misfits.length === 0) {
    fitter.rows += rows;
    return ndjson;
  }
  const concerned = mayHold(misfits);
  const names = new Set(misfits);
  const lines: string[] = [];
  for (const line of linesOf(ndjson)) {
    const fitted = concerned(line) ? fitter.line(line, names) : line;
    if (fitted !== null) lines.push(fitted);
  }
  fitter.rows += lines.length;
  return lines.length > 0 ? `${lines.join('\n')}\n` : '';
}

/** The rows of these chunks as the table takes them, what was left out of them, and rows that are to be set aside. */
export function fitRows(chunks: readonly FitChunk[], rules: FitRules): Fitted {
  const fitter = new Fitter(rules);
  const ndjson = chunks.map(chunk => fitChunk(fitter, chunk)).join('');
  return { ndjson, rows: fitter.rows, discards: [...fitter.discards.values()], refused: fitter.refused };
}

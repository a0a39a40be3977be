/** Cells of a row as they are written: objects flattened, arrays as text, each value with the type it asks for. */
import { reservedColumns } from '@/lib/domains/events/rules';
import { type Column, childOf, columnOf, type Path } from '@/lib/domains/events/transform/columns';
import { noColumns, type Shape, withColumn } from '@/lib/domains/events/transform/shapes';
import { instantText } from '@/lib/domains/events/transform/times';
import type { TransformNote } from '@/lib/domains/events/transform/transformed';
import { isLongNumber } from '@/lib/platform/exact-json';
import type { ColumnType } from '@/lib/warehouse/ingest/column-types';

/** Levels of objects that become columns. */
const maxLevels = 20;
const maxNotes = 20;
const maxDetailSigns = 200;

export type Cells = {
  /** `,"name":value` for each. */
  json: string;
  shape: Shape;
  /** Number of the row, by which a column knows that it is taken. */
  readonly row: number;
  readonly notes: TransformNote[];
  /** Columns of the call's own fields, which SDKs repeat among the properties. */
  readonly own: Map<Column, string>;
};

let rows = 0;

export function newCells(notes: TransformNote[]): Cells {
  rows += 1;
  return { json: '', shape: noColumns, row: rows, notes, own: new Map() };
}

/** Notes what a caller should know; of one call at most 20 things. */
export function addNote(notes: TransformNote[], code: TransformNote['code'], path: string, detail: string): void {
  if (notes.length < maxNotes) notes.push({ code, path, detail: detail.slice(0, maxDetailSigns) });
}

function put(cells: Cells, column: Column, type: ColumnType, json: string): void {
  column.row = cells.row;
  cells.shape = withColumn(cells.shape, column.as[type]);
  cells.json += column.key + json;
}

/** A cell whose JSON is known, as of an instant. */
export const addText = (cells: Cells, name: string, type: 'STRING' | 'TIMESTAMP', text: string): void =>
  put(cells, columnOf(name), type, JSON.stringify(text));

/** A field of the call itself, which stands above a property of the same name. */
export function addOwn(cells: Cells, name: string, value: unknown): void {
  if (typeof value !== 'string') return;
  const [column, json] = [columnOf(name), JSON.stringify(value)];
  put(cells, column, 'STRING', json);
  cells.own.set(column, json);
}

/** Whether the row has a column of that name. */
export const has = (cells: Cells, name: string): boolean => columnOf(name).row === cells.row;

function addProperty(cells: Cells, path: Path, type: ColumnType, json: string): void {
  const { column } = path;
  if (column.isReserved || column.row === cells.row) {
    if (cells.own.get(column) === json) return;
    addNote(cells.notes, reservedColumns.includes(column.name) ? 'reserved_name' : 'clash', path.sent, json);
    return;
  }
  if (path.how !== 'as_is') {
    addNote(cells.notes, path.how === 'cut' ? 'name_too_long' : 'renamed_column', path.sent, column.name);
  }
  put(cells, column, type, json);
}

function addNumber(cells: Cells, path: Path, value: number): void {
  // -0 is written as 0; what JSON cannot say is no number.
  if (Number.isSafeInteger(value)) addProperty(cells, path, 'INT64', `${value}`);
  else if (Number.isFinite(value)) addProperty(cells, path, 'FLOAT64', `${value}`);
}

function addObject(cells: Cells, path: Path, value: object, level: number): void {
  const isList = Array.isArray(value);
  if (isLongNumber(value)) addProperty(cells, path, 'INT64', value.rawJSON);
  else if (!isList && level < maxLevels) addAll(cells, path, value as Record<string, unknown>, level + 1);
  else {
    const json = JSON.stringify(value);
    if (!isList) addNote(cells.notes, 'too_deep', path.sent, json);
    addProperty(cells, path, 'STRING', JSON.stringify(json));
  }
}

/**
 * The values of an object that are not null, below `parent`. A column that is taken keeps its first value; what came later
 * is noted. Source: docs/spec/004-event-collection.md, Column Naming and Best Practices.
 */
export function addAll(cells: Cells, parent: Path, values: Record<string, unknown>, level = 1): void {
  for (const property in values) {
    const value = values[property];
    if (value === null || value === undefined) continue;
    const path = childOf(parent, property);
    if (typeof value === 'string') {
      const instant = instantText(value);
      if (instant === null) addProperty(cells, path, 'STRING', JSON.stringify(value));
      else addProperty(cells, path, 'TIMESTAMP', JSON.stringify(instant));
    } else if (typeof value === 'number') addNumber(cells, path, value);
    else if (typeof value === 'boolean') addProperty(cells, path, 'BOOL', value ? 'true' : 'false');
    else addObject(cells, path, value, level);
  }
}

/** The columns of a row in their order, as an object that all rows with the same ones share: a call that looks like the last one costs no list. */
import type { ColumnType } from '@/lib/warehouse/ingest/column-types';

/** A column with the type that a value asks of it. */
export type TypedColumn = { readonly name: string; readonly type: ColumnType };

export type Shape = {
  /** Null for the shape without columns. */
  readonly before: Shape | null;
  readonly column: TypedColumn | null;
  /** The first column that followed, and what that made; most rows go on like those before them. */
  following: TypedColumn | null;
  next: Shape | null;
  others: Map<TypedColumn, Shape> | null;
};

/** Beyond them all are forgotten. */
const maxShapes = 20_000;
let made = 0;

const newShape = (before: Shape | null, column: TypedColumn | null): Shape => ({
  before,
  column,
  following: null,
  next: null,
  others: null,
});

/** The shape without columns. */
export const noColumns: Shape = newShape(null, null);

/** The shape with one more column at its end. */
export function withColumn(shape: Shape, column: TypedColumn): Shape {
  if (shape.following === column) return shape.next as Shape;
  const known = shape.others?.get(column);
  if (known) return known;
  const added = newShape(shape, column);
  made += 1;
  if (shape.following === null) [shape.following, shape.next] = [column, added];
  else {
    shape.others ??= new Map();
    shape.others.set(column, added);
  }
  return added;
}

/** Its columns, in their order. */
export function columnsOf(shape: Shape): TypedColumn[] {
  const columns: TypedColumn[] = [];
  for (let at: Shape | null = shape; at?.column; at = at.before) columns.push(at.column);
  return columns.reverse();
}

export const hasManyShapes = (): boolean => made >= maxShapes;

/** Called between calls, with the columns that they are of. */
export function forgetShapes(): void {
  Object.assign(noColumns, { following: null, next: null, others: null });
  made = 0;
}

/** Paths of properties and the columns they get, kept between calls: naming is the slowest part of the transform. */
import { reservedColumns } from '@/lib/domains/events/rules';
import { columnName, type Name } from '@/lib/domains/events/transform/names';
import { forgetShapes, hasManyShapes, type TypedColumn } from '@/lib/domains/events/transform/shapes';
import { type ColumnType, columnTypes } from '@/lib/warehouse/ingest/column-types';

export type Column = {
  readonly name: string;
  /** `,"name":` */
  readonly key: string;
  readonly as: Readonly<Record<ColumnType, TypedColumn>>;
  /** No property has it, in any table. */
  readonly isReserved: boolean;
  /** Number of the last row that has it. */
  row: number;
};

/** A place in the object that was sent. */
export type Path = {
  /** As it was sent, for notes: `properties.orderId`. */
  readonly sent: string;
  readonly column: Column;
  readonly how: Name['how'];
  readonly children: Map<string, Path>;
};

/** Beyond them all is forgotten, so that senders of ever new names cannot fill the memory. */
const maxKept = 50_000;
const longestKept = 200;
const maxSentSigns = 300;

/** Taken in the tables of track calls only, where they are written before the properties. */
const ofTracks = ['event', 'event_text'];
const isReserved = (name: string): boolean => reservedColumns.includes(name) && !ofTracks.includes(name);

const columns = new Map<string, Column>();
let kept = 0;

/** The column of that name; the same object until everything is forgotten. */
export function columnOf(name: string): Column {
  const known = columns.get(name);
  if (known) return known;
  const as = Object.fromEntries(columnTypes.map(type => [type, { name, type }])) as Record<ColumnType, TypedColumn>;
  const made = { name, key: `,${JSON.stringify(name)}:`, as, isReserved: isReserved(name), row: 0 };
  columns.set(name, made);
  return made;
}

/** `prefix` is what the columns of its children begin with: `context`, or nothing. */
const root = (sent: string, prefix: string): Path => ({
  sent,
  column: { ...columnOf('_'), name: prefix },
  how: 'as_is',
  children: new Map(),
});

/** Properties and traits are columns by their own names, `context` is a prefix. */
export const roots = {
  properties: root('properties', ''),
  traits: root('traits', ''),
  context: root('context', 'context'),
};

/** Called between calls: a column must be one object within a row. */
export function forgetManyColumns(): void {
  if (kept < maxKept && columns.size < maxKept && !hasManyShapes()) return;
  for (const { children } of Object.values(roots)) children.clear();
  columns.clear();
  forgetShapes();
  kept = 0;
}

/** The path of a property of the object at `parent`. */
export function childOf(parent: Path, property: string): Path {
  const known = parent.children.get(property);
  if (known) return known;
  const { name, how } = columnName(parent.column.name, property);
  const sent = `${parent.sent}.${property}`.slice(0, maxSentSigns);
  const made = { sent, how, column: columnOf(name), children: new Map() };
  if (property.length <= longestKept) {
    parent.children.set(property, made);
    kept += 1;
  }
  return made;
}

/** What the transform makes of one call: rows of tables, and what was changed on the way. */
import type { ColumnType } from '@/lib/warehouse/ingest/column-types';

/** `renamed`: another name was needed. `reserved`: the property has a reserved column's name and was kept out. */
export type TransformNote = {
  code: 'renamed_event' | 'renamed_column' | 'reserved_name' | 'name_too_long' | 'too_deep' | 'clash';
  /** Path as it was sent, as `properties.id`. */
  path: string;
  /** The name it got, or the start of the value that was kept out (at most 200 signs). */
  detail: string;
};

/** A value ready for NDJSON: `json` is its text, `type` what a column needs to be for it. */
export type Cell = { json: string; type: ColumnType };

export type Row = {
  table: string;
  /** In the order of sending; `id` and `received_at` are always there. */
  cells: Map<string, Cell>;
};

export type Transformed = {
  rows: Row[];
  notes: TransformNote[];
};

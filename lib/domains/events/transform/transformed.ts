/** What the transform makes of one call: rows of tables, and what was changed on the way. */
import type { Shape } from '@/lib/domains/events/transform/shapes';
import type { TableMode } from '@/lib/warehouse/ingest/spool/new-chunk';

/**
 * `renamed_event`, `renamed_column`: another name than the usual rule's was needed. `reserved_name`: the property has the
 * name of a reserved column and was kept out. `clash`: another value has the column. `name_too_long`: the name was
 * shortened. `too_deep`: the value is kept as JSON. `time_out_of_range`: TIMESTAMP does not hold it.
 */
export type TransformNote = {
  code:
    | 'renamed_event'
    | 'renamed_column'
    | 'reserved_name'
    | 'name_too_long'
    | 'too_deep'
    | 'clash'
    | 'time_out_of_range';
  /** Path as it was sent, as `properties.id`. */
  path: string;
  /** The name it got, or the start of the value that was kept out (at most 200 signs). */
  detail: string;
};

export type Row = {
  table: string;
  mode: TableMode;
  /** One line of NDJSON without its line break: `{"id":"…",…}`. */
  json: string;
  /** Its columns with the type each value asks for, in the order of sending: one shape after the other. */
  shapes: readonly Shape[];
};

export type Transformed = {
  rows: Row[];
  notes: TransformNote[];
  /** Table of the event, where it is a track call. */
  eventTable: string | null;
};

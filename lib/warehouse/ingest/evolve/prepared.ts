/** What a batch becomes once its table is ready for it, and the two ways in which that can fail. */
import type { Target } from '@/lib/warehouse/ingest/spool/new-chunk';
import type { discardReasons } from '@/lib/warehouse/ingest/tables';

/** A column as a load job's schema names it; types and modes are the table's own. */
export type LoadField = { name: string; type: string; mode?: string; fields?: LoadField[] };

/** A row that BigQuery would refuse, as it was to be loaded, with BigQuery's words. */
export type RefusedRow = { rowId: string; row: string; error: string };

export type DiscardReason = (typeof discardReasons)[number];
export type DiscardedValue = { rowId: string; receivedAt: string; value: string };

/** Values of one type that the column did not take; the rows are loaded without them. */
export type Discard = {
  column: string;
  reason: DiscardReason;
  valueType: string;
  /** Type of the column that did not take them; null where there is no column. */
  columnType: string | null;
  count: number;
  /** The first of them, at most keptDiscardedValues. */
  values: DiscardedValue[];
};

export type Prepared = {
  target: Target;
  /** The rows that fit, without `loaded_at`. */
  ndjson: string;
  rows: number;
  /** All columns of the table, in its order. */
  fields: LoadField[];
  /** Rows to be set aside: only where tables are managed by hand. */
  refused: RefusedRow[];
  discards: Discard[];
};

/** The table cannot be brought to what the rows need now; the message is BigQuery's. Try again later. */
export class TableBlocked extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'TableBlocked';
  }
}

/** Tables are managed by hand and this one is not there: all rows are to be set aside with BigQuery's words. */
export class RowsRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'RowsRefused';
  }
}

/** Lays changes that BigQuery's rows cannot have yet over them, as Postgres has them now, so that no answer waits for the mirror. */
import { isDeepStrictEqual } from 'node:util';
import type { Changed } from '@/lib/warehouse/query/changed-rows';

type Sortable = string | number | Date | null;

/** Order of two values of one column as BigQuery's ASC has it: NULL first, text by code unit. */
export function ascending(a: Sortable, b: Sortable): number {
  if (a === null || b === null) return Number(b !== null) * -1 + Number(a !== null);
  return a < b ? -1 : a > b ? 1 : 0;
}

export type About<Params> = { params: Params; now: Date };

type Definition<Source, Row, Params> = {
  /** The tables whose changes are laid over, as statements name them; all of them name their rows by the same key. */
  mirrors: readonly string[];
  read: (customerId: string, changed: Changed) => Promise<Source[]>;
  sourceKey: (source: Source) => string;
  /** The row as the statement would answer it; null where its filter, or the start of its page, leaves it out. */
  rowOf: (source: Source, about: About<Params>) => Row | null;
  rowKey: (row: Row) => string;
  /** The statement's order; below zero where `a` comes first. */
  compare: (a: Row, b: Row, params: Params) => number;
  /** Whether the copy already shows the change, for rows that also change by being used; else all columns must agree. */
  isSame?: (copy: Row, now: Row) => boolean;
};

export type Overlay<Row, Params> = Omit<Definition<never, Row, Params>, 'read' | 'sourceKey' | 'rowOf'> & {
  /** The changed rows: each with its key, null where the answer does not hold it any more. */
  changes: (customerId: string, changed: Changed, about: About<Params>) => Promise<{ key: string; row: Row | null }[]>;
};

/** Defines how a query's answer is made current. The row's shape and the order are those of its statement. */
export function overlayOf<Source, Row, Params>(definition: Definition<Source, Row, Params>): Overlay<Row, Params> {
  const { read, sourceKey, rowOf, ...rest } = definition;
  return {
    ...rest,
    changes: async (customerId, changed, about) =>
      (await read(customerId, changed)).map(source => ({ key: sourceKey(source), row: rowOf(source, about) })),
  };
}

export type Laid<Row> = {
  rows: Row[];
  /** Whether more rows follow than `pageSize`. */
  more: boolean;
  /** How many more rows match than BigQuery counted; below zero where some left. */
  added: number;
  /** Keys of the rows that the copy does not show yet as they are. */
  updating: ReadonlySet<string>;
};

type LayOver<Row, Params> = {
  overlay: Overlay<Row, Params>;
  copy: Row[];
  changes: { key: string; row: Row | null }[];
  /** Keys that were asked for: one without a change belongs to a deleted row. */
  keys: readonly string[];
  /** Keys whose changes wait for the mirror. */
  waiting: readonly string[];
  params: Params;
  /** Rows of a page; BigQuery was asked for one more. */
  pageSize: number | undefined;
};

/** Puts changed rows in the place of BigQuery's, in the statement's order, within the page that was asked for. Pure. */
export function layOver<Row, Params>({
  overlay,
  copy,
  changes,
  keys,
  waiting,
  params,
  pageSize,
}: LayOver<Row, Params>): Laid<Row> {
  const isFull = pageSize !== undefined && copy.length > pageSize;
  const last = copy.at(-1);
  const order = (a: Row, b: Row) => overlay.compare(a, b, params);
  const gone = new Set([...keys, ...changes.map(({ key }) => key)]);
  // What comes after a full page stands on a later one.
  const fresh = changes.flatMap(({ row }) =>
    row === null || (isFull && last !== undefined && order(row, last) > 0) ? [] : [row],
  );
  const rows = [...copy.filter(row => !gone.has(overlay.rowKey(row))), ...fresh].sort(order);
  const copies = new Map(copy.map(row => [overlay.rowKey(row), row]));
  const isSame = overlay.isSame ?? isDeepStrictEqual;
  const isWaiting = new Set(waiting);
  const updating = fresh
    .map(row => ({ key: overlay.rowKey(row), row, known: copies.get(overlay.rowKey(row)) }))
    .filter(({ key, row, known }) => isWaiting.has(key) && !(known !== undefined && isSame(known, row)));
  return {
    rows: pageSize === undefined ? rows : rows.slice(0, pageSize),
    more: isFull || (pageSize !== undefined && rows.length > pageSize),
    added: rows.length - copy.length,
    updating: new Set(updating.map(({ key }) => key)),
  };
}

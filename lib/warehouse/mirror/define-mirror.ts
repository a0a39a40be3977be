/** What a mirror is: one Postgres row to one BigQuery row, checked by the compiler. The relay sends them. */
import type { MirrorRef } from '@/lib/kernel/outbox';
import type { Db, Tx } from '@/lib/platform/db';
import { processWide } from '@/lib/platform/process-wide';

/** What the generator says of a BigQuery table; see lib/warehouse/rows. */
export type TableShape = {
  dataset: string;
  table: string;
  primaryKey: readonly string[];
  partition: { field: string; type: string } | null;
  columns: Record<string, { type: string; mode: string }>;
};

export type Mirror<Source = unknown, Row extends object = object> = {
  /** `customers.<table>` or `tenant.<table>`, as statements name it. */
  name: string;
  shape: TableShape;
  /** upsert follows changes and deletions; insert only adds rows it has not seen. */
  mode: 'upsert' | 'insert';
  /** The rows of these keys as they are now; a missing one was deleted. Keys of a tenant's table are read within `customerId`. */
  load: (store: Db | Tx, keys: string[], customerId: string | null) => Promise<Source[]>;
  /** Keys in order after `after`, for verify and rebuild; at most `limit`. `customerId` narrows tenant mirrors. */
  listKeys: (store: Db, page: { after: string | null; limit: number; customerId?: string }) => Promise<string[]>;
  keyOf: (source: Source) => string;
  toRow: (source: Source) => Row;
  customerOf: (source: Source) => string | null;
  /**
   * Only where a row's partition value may change, and once at most: the value before. The MERGE then looks in both
   * partitions and moves the row, whichever of its changes arrives first.
   */
  movedFrom?: (source: Source) => Date;
};

/** The mirrors that this process knows, by name. */
export const mirrors = (): Map<string, Mirror> => processWide('mirrors', () => new Map<string, Mirror>());

/** Makes mirrors known to this process, for what asks all of them, as an erasure does. */
export function registerMirrors(definitions: readonly Mirror[]): void {
  for (const definition of definitions) mirrors().set(definition.name, definition);
}

const asText = (value: unknown): string | null =>
  value === null || value === undefined ? null : value instanceof Date ? value.toISOString() : String(value);

/** Answers the mirror with `ref`, which says that a row changed. It is sent once it stands in lib/edge/worker/mirrors.ts. */
export function defineMirror<Source, Row extends object>(mirror: Mirror<Source, Row>) {
  const ref = (source: Source): MirrorRef => {
    const row = mirror.toRow(source) as Record<string, unknown>;
    return {
      mirror: mirror.name,
      key: mirror.keyOf(source),
      partitionValue: mirror.shape.partition ? asText(row[mirror.shape.partition.field]) : null,
      customerId: mirror.customerOf(source),
    };
  };
  return { ...mirror, ref };
}

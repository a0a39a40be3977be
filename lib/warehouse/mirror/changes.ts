/** From waiting outbox rows to texts ready to send: many changes of one row become one, read as it is now. */

import { db } from '@/lib/platform/db';
import type { Mirror } from '@/lib/warehouse/mirror/define-mirror';
import { dayOf, deletionText, rowText, UnsendableRowError } from '@/lib/warehouse/mirror/payload';
import { fullBatchRows } from '@/lib/warehouse/mirror/schedule/flush-policy';
import type { PendingChange } from '@/lib/warehouse/mirror/store';

const maxBytes = 5_000_000;

export type Change = {
  key: string;
  outboxIds: number[];
  customerId: string | null;
  /** Null when there is nothing to send, as for a row gone from a table that only adds. */
  text: string | null;
  /** Days of the partitions where the row may lie; null is any. */
  days: (string | null)[];
  /** When the first of these changes was made; null where no change asked for it. */
  waitingSince: Date | null;
};
export type Unsendable = { key: string; outboxIds: number[]; reason: string };

type Group = Omit<Change, 'text'>;

/** One entry a key, with the ids of all its changes. */
export function groupByKey(pending: PendingChange[]): Group[] {
  const groups = new Map<string, Group>();
  for (const { id, key, customerId, partitionValue, createdAt } of pending) {
    const known = groups.get(key);
    if (known) {
      known.outboxIds.push(id);
      known.days.push(dayOf(partitionValue));
    } else {
      groups.set(key, { key, outboxIds: [id], customerId, days: [dayOf(partitionValue)], waitingSince: createdAt });
    }
  }
  return [...groups.values()];
}

function ready(mirror: Mirror, group: Group, source: unknown): Change {
  if (source === undefined) {
    const text = mirror.mode === 'upsert' ? deletionText(mirror.shape, group.key) : null;
    // What would tell where the row was before went with it.
    return { ...group, text, ...(mirror.movedFrom ? { days: [null] } : {}) };
  }
  const row = mirror.toRow(source) as Record<string, unknown>;
  const text = rowText(mirror.shape, row);
  const customerId = group.customerId ?? mirror.customerOf(source);
  const field = mirror.shape.partition?.field;
  if (!field) return { ...group, customerId, text };
  const day = dayOf(row[field]);
  if (day === null) throw new UnsendableRowError(`${mirror.shape.table}.${field}: the partition column has no day`);
  // The day noted with a change is that of the row as BigQuery has it; it is the row's own unless the row moves.
  const before = mirror.movedFrom ? [dayOf(mirror.movedFrom(source))] : [];
  return { ...group, customerId, text, days: [day, ...before, ...group.days].filter(noted => noted !== null) };
}

/** Reads the rows as they are now and makes their texts; rows the table cannot hold come back apart. */
export async function prepare(
  mirror: Mirror,
  groups: Group[],
  customerId: string | null,
): Promise<{ changes: Change[]; unsendable: Unsendable[] }> {
  const sources = await mirror.load(
    db(),
    groups.map(group => group.key),
    customerId,
  );
  const byKey = new Map(sources.map(source => [mirror.keyOf(source), source]));
  const changes: Change[] = [];
  const unsendable: Unsendable[] = [];
  for (const group of groups) {
    try {
      changes.push(ready(mirror, group, byKey.get(group.key)));
    } catch (error) {
      unsendable.push({ key: group.key, outboxIds: group.outboxIds, reason: (error as Error).message });
    }
  }
  return { changes, unsendable };
}

/** Parts of at most `rowsAtOnce` (500) rows and 5 MB as the request will carry them; a larger single row goes alone. */
export function inParts(changes: Change[], rowsAtOnce = fullBatchRows): Change[][] {
  const parts: Change[][] = [];
  let part: Change[] = [];
  let bytes = 0;
  for (const change of changes) {
    const size = change.text === null ? 0 : Buffer.byteLength(JSON.stringify(change.text));
    if (part.length > 0 && (part.length >= rowsAtOnce || bytes + size > maxBytes)) {
      parts.push(part);
      part = [];
      bytes = 0;
    }
    part.push(change);
    bytes += size;
  }
  return part.length > 0 ? [...parts, part] : parts;
}

/** Calls as they were sent, from the log, while it keeps them. */
import { type Item, type ReadEntry, readEntry } from '@/lib/domains/events/process/read-entry';
import type { EventReceipt } from '@/lib/domains/events/tables';
import { ingestLog } from '@/lib/warehouse/ingest/log/ingest-log';

export type SentItem = { entry: ReadEntry; item: Item };

type Place = Pick<EventReceipt, 'sourceId' | 'shard' | 'position' | 'itemIndex'>;

/** Entries that are read at once. */
const atOnce = 4;
const keyOf = ({ sourceId, shard, position }: Place): string => `${sourceId} ${shard} ${position}`;

async function entryAt({ sourceId, shard, position }: Place): Promise<ReadEntry | null> {
  const entry = await ingestLog('events').find({ shard, position });
  // A log that was begun anew gives a position again; nobody sees what another one sent.
  if (entry?.key !== sourceId) return null;
  try {
    return readEntry(entry);
  } catch {
    // It was not processed for the same reason, and its receipt says so.
    return null;
  }
}

/** The calls of these receipts, in their order; null for each that the log keeps no longer. */
export async function sentCalls(places: readonly Place[]): Promise<(SentItem | null)[]> {
  const entries = new Map<string, ReadEntry | null>();
  const left = [...new Map(places.map(place => [keyOf(place), place])).values()];
  const worker = async () => {
    for (let place = left.pop(); place; place = left.pop()) entries.set(keyOf(place), await entryAt(place));
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return places.map(place => {
    const entry = entries.get(keyOf(place));
    const item = entry?.items[place.itemIndex];
    return entry && item ? { entry, item } : null;
  });
}

/** The call as JSON to be read by people. */
export const jsonOf = (sent: SentItem | null): string | null => sent && JSON.stringify(sent.item.call, null, 2);

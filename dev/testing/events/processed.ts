/** Calls of a source that the consumer has processed, without a log: their receipts, counts and chunks are there. */
import { newEntry } from '@/dev/testing/events/entries';
import { insertSource } from '@/dev/testing/events/sources';
import type { World } from '@/dev/testing/world';
import { processEntries } from '@/lib/domains/events/process/process-entries';
import { db } from '@/lib/platform/db';
import { newUuid } from '@/lib/platform/ids';
import { writeChunks } from '@/lib/warehouse/ingest/spool/write-chunks';

/** Processes one request a body, in their order. */
export async function processed(
  sourceId: string,
  bodies: readonly Record<string, unknown>[],
  at = new Date(),
): Promise<void> {
  const entries = bodies.map((body, index) => ({
    ...newEntry(sourceId, body),
    shard: 0,
    position: index + 1,
    appendedAt: at,
  }));
  await db().transaction(async tx => writeChunks(tx, await processEntries(tx, entries, () => at)));
}

/** Message id of an event of the customer, of a source made for it. */
export async function processedEvent(world: Pick<World, 'customerId'>): Promise<string> {
  const { sourceId } = await insertSource(world);
  const messageId = newUuid();
  await processed(sourceId, [
    { type: 'track', messageId, userId: 'u1', event: 'Order Completed', properties: { total: 9.5 } },
  ]);
  return messageId;
}

import { expect, test } from 'vitest';
import { insertSource } from '@/dev/testing/events/sources';
import { createWorld } from '@/dev/testing/world';
import { eventReceipts } from '@/lib/domains/events/tables';
import { countArrivals } from '@/lib/domains/events/tail/count-arrivals';
import { db } from '@/lib/platform/db';

const before = new Date(Date.now() - 60_000);
const now = new Date();

async function receive(sourceId: string, outcome: 'ACCEPTED' | 'REFUSED', recordedAt: Date): Promise<void> {
  const place = { shard: 0, position: 1, itemIndex: 0, tableNames: [], chunkIds: [] };
  const messageId = `m-${Math.random()}`;
  await db()
    .insert(eventReceipts)
    .values({ sourceId, messageId, recordedAt, receivedAt: recordedAt, outcome, ...place });
}

test('counts what came after the moment, refused ones too, and only of this source', async () => {
  const world = await createWorld();
  const [source, other] = [await insertSource(world), await insertSource(world)];
  await receive(source.sourceId, 'ACCEPTED', before);
  await receive(source.sourceId, 'ACCEPTED', now);
  await receive(source.sourceId, 'REFUSED', now);
  await receive(other.sourceId, 'ACCEPTED', now);
  const since = before.toISOString();
  expect(await countArrivals(world.as('VIEWER'), { since }, source.sourceId)).toEqual({ count: 2, isMore: false });
});

test('says nothing of another customer’s source', async () => {
  const source = await insertSource(await createWorld());
  const stranger = (await createWorld()).as('OWNER');
  await expect(countArrivals(stranger, { since: now.toISOString() }, source.sourceId)).rejects.toMatchObject({
    code: 'not_found',
  });
});

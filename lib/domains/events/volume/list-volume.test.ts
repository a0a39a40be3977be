import { expect, test } from 'vitest';
import { insertSource, type TestSource } from '@/dev/testing/events/sources';
import { createWorld } from '@/dev/testing/world';
import type { CallType } from '@/lib/domains/events/rules';
import { eventDays } from '@/lib/domains/events/tables';
import { listVolume } from '@/lib/domains/events/volume/list-volume';
import { db } from '@/lib/platform/db';

const clock = () => new Date('2031-03-10T01:00:00Z');

const count = ({ sourceId }: TestSource, day: string, type: CallType, event: string, events: number) =>
  db().insert(eventDays).values({ sourceId, day, type, event, events });

test('events are summed by day, source and call, with zeros where nothing came and deleted sources among them', async () => {
  const world = await createWorld();
  const shop = await insertSource(world, { sourceName: 'Shop' });
  const gone = await insertSource(world, { sourceName: 'Old shop', deletedAt: clock() });
  const other = await insertSource(await createWorld());
  await count(shop, '2031-03-10', 'page', '', 5);
  await count(shop, '2031-03-08', 'track', 'Order Completed', 2);
  await count(shop, '2031-03-10', 'track', 'Order Completed', 4);
  await count(gone, '2031-03-08', 'identify', '', 1);
  await count(shop, '2031-03-07', 'page', '', 1_000);
  await count(other, '2031-03-10', 'page', '', 1_000);
  const viewer = { ...world.as('VIEWER'), clock };
  expect(await listVolume(viewer, { days: 3 })).toEqual({
    from: '2031-03-08',
    to: '2031-03-10',
    events: 12,
    days: [
      { day: '2031-03-08', events: 3 },
      { day: '2031-03-09', events: 0 },
      { day: '2031-03-10', events: 9 },
    ],
    sources: [
      { source_id: shop.sourceId, name: 'Shop', is_deleted: false, events: 11 },
      { source_id: gone.sourceId, name: 'Old shop', is_deleted: true, events: 1 },
    ],
    calls: [
      { source_id: shop.sourceId, type: 'track', event: 'Order Completed', events: 6 },
      { source_id: shop.sourceId, type: 'page', event: '', events: 5 },
      { source_id: gone.sourceId, type: 'identify', event: '', events: 1 },
    ],
    other_events: 0,
  });
  const one = await listVolume(viewer, { days: '2', source_id: shop.sourceId });
  expect([one.events, one.sources.length]).toEqual([9, 1]);
  await expect(listVolume(viewer, { source_id: other.sourceId })).rejects.toMatchObject({ code: 'not_found' });
  await expect(listVolume(viewer, { days: 91 })).rejects.toMatchObject({ code: 'invalid_input' });
});

test('beyond the hundred most frequent calls the rest is one number', async () => {
  const world = await createWorld();
  const source = await insertSource(world);
  const rows = Array.from({ length: 150 }, (_, at) => ({
    sourceId: source.sourceId,
    day: '2031-03-10',
    type: 'track' as const,
    event: `Event ${at}`,
    events: 1_000 - at,
  }));
  await db().insert(eventDays).values(rows);
  const volume = await listVolume({ ...world.as('VIEWER'), clock }, {});
  expect(volume.calls).toHaveLength(100);
  expect(volume.calls[99]).toMatchObject({ event: 'Event 99', events: 901 });
  expect(volume.other_events).toBe(rows.slice(100).reduce((all, row) => all + row.events, 0));
});

import { expect, test } from 'vitest';
import { insertSource } from '@/dev/testing/events/sources';
import { createWorld, type World } from '@/dev/testing/world';
import { eventDays } from '@/lib/domains/events/tables';
import { dailyTotals } from '@/lib/domains/events/volume/daily-totals';
import { db } from '@/lib/platform/db';

const clock = () => new Date('2026-03-02T12:00:00.000Z');
const reader = (world: World) => ({ ...world.as('VIEWER'), clock });

async function count(sourceId: string, day: string, event: string, events: number): Promise<void> {
  await db().insert(eventDays).values({ sourceId, day, type: 'track', event, events });
}

test('days are UTC, in order, 0 where nothing came, and of the caller’s own sources only', async () => {
  const [world, other] = [await createWorld(), await createWorld()];
  const [source, silent, foreign] = [await insertSource(world), await insertSource(world), await insertSource(other)];
  await count(source.sourceId, '2026-03-02', 'a', 2);
  await count(source.sourceId, '2026-03-02', 'b', 3);
  await count(source.sourceId, '2026-02-28', 'a', 7);
  await count(source.sourceId, '2026-02-27', 'a', 9);
  await count(foreign.sourceId, '2026-03-02', 'a', 100);
  const totals = await dailyTotals(reader(world), { days: 3 });
  expect([...totals]).toEqual([[source.sourceId, [7, 0, 5]]]);
  expect(totals.has(silent.sourceId)).toBe(false);
});

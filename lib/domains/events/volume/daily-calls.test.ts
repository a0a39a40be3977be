import { expect, test } from 'vitest';
import { insertSource } from '@/dev/testing/events/sources';
import { createWorld } from '@/dev/testing/world';
import type { CallType } from '@/lib/domains/events/rules';
import { eventDays } from '@/lib/domains/events/tables';
import { dailyCalls } from '@/lib/domains/events/volume/daily-calls';
import { db } from '@/lib/platform/db';

const clock = () => new Date('2026-03-02T12:00:00.000Z');

test('the four busiest calls have their own count by day, the others one together', async () => {
  const world = await createWorld();
  const { sourceId } = await insertSource(world);
  const count = (day: string, type: CallType, event: string, events: number) =>
    db().insert(eventDays).values({ sourceId, day, type, event, events });
  for (const [index, event] of ['a', 'b', 'c', 'd', 'e'].entries())
    await count('2026-03-02', 'track', event, 50 - index);
  await count('2026-03-01', 'identify', '', 47);
  await count('2026-03-01', 'track', 'e', 1);
  await count('2026-02-28', 'track', 'a', 900);
  const { calls, days } = await dailyCalls({ ...world.as('VIEWER'), clock }, { days: '2' }, sourceId);
  expect(calls.map(({ type, event }) => `${type} ${event}`)).toEqual(['track a', 'track b', 'track c', 'identify ']);
  expect(days).toEqual([
    { day: '2026-03-01', counts: [0, 0, 0, 47], others: 1 },
    { day: '2026-03-02', counts: [50, 49, 48, 0], others: 47 + 46 },
  ]);
});

test('without events every day is there with nothing in it; of a foreign source nothing is said', async () => {
  const world = await createWorld();
  const { sourceId } = await insertSource(world);
  const { calls, days } = await dailyCalls({ ...world.as('VIEWER'), clock }, { days: '2' }, sourceId);
  expect([calls, days.map(({ others }) => others)]).toEqual([[], [0, 0]]);
  const stranger = (await createWorld()).as('OWNER');
  await expect(dailyCalls(stranger, {}, sourceId)).rejects.toMatchObject({ code: 'not_found' });
});

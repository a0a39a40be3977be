import { eq } from 'drizzle-orm';
import { expect, test, vi } from 'vitest';
import { createWorld, type World } from '@/dev/testing/world';
import { customers } from '@/lib/domains/customers/tables';
import { eventsPerMonth } from '@/lib/domains/events/rules';
import { eventLimits, eventMonths } from '@/lib/domains/events/tables';
import { eventUse } from '@/lib/domains/events/volume/event-use';
import { mayTakeEvents } from '@/lib/domains/events/volume/may-take-events';
import { utcMonth } from '@/lib/platform/clock';
import { db, pool } from '@/lib/platform/db';

/** What the worker has counted of the month of `at`. */
async function counted({ customerId }: World, events: number, at = new Date()): Promise<void> {
  const row = { customerId, month: utcMonth(at), events };
  await db()
    .insert(eventMonths)
    .values(row)
    .onConflictDoUpdate({ target: [eventMonths.customerId, eventMonths.month], set: { events } });
}
const limitTo = ({ customerId }: World, maxEventsPerMonth: number) =>
  db().insert(eventLimits).values({ customerId, maxEventsPerMonth, updatedBy: 'test', updatedAt: new Date() });

/** A clock that the test moves on; from the middle of a month, so that no step leaves it. */
function movedClock() {
  let now = new Date(Date.UTC(2031, 4, 15, 12));
  const step = (ms: number) => {
    now = new Date(now.getTime() + ms);
  };
  return { clock: () => now, step };
}

test('a plan’s events are taken up to its limit and refused from there to the end of the month', async () => {
  const world = await createWorld({ plan: 'PROFESSIONAL' });
  const { clock, step } = movedClock();
  await counted(world, eventsPerMonth.PROFESSIONAL - 1, clock());
  expect(await mayTakeEvents(world.customerId, 1, clock)).toBeNull();
  const refused = await mayTakeEvents(world.customerId, 1, clock);
  expect(refused).toMatchObject({ code: 'usage_exceeded', details: { events_month_limit: 1_000_000 } });
  expect(refused?.retryAfterSeconds).toBe(16.5 * 86_400);
  step(17 * 86_400_000);
  expect(await mayTakeEvents(world.customerId, 1, clock)).toBeNull();
});

test('what this process let through counts before the worker has counted it, and once only', async () => {
  const world = await createWorld();
  await limitTo(world, 100);
  const { clock, step } = movedClock();
  expect(await mayTakeEvents(world.customerId, 60, clock)).toBeNull();
  step(6_000);
  // The worker is behind: 60 were let through and none is counted.
  expect(await mayTakeEvents(world.customerId, 30, clock)).toBeNull();
  await counted(world, 60, clock());
  step(6_000);
  // 60 counted and 30 on their way.
  expect(await mayTakeEvents(world.customerId, 5, clock)).toBeNull();
  await counted(world, 95, clock());
  step(6_000);
  expect(await mayTakeEvents(world.customerId, 5, clock)).toBeNull();
  expect(await mayTakeEvents(world.customerId, 1, clock)).toMatchObject({ code: 'usage_exceeded' });
});

test('what was let through and never counted, as calls sent twice, is given up after minutes', async () => {
  const world = await createWorld();
  await limitTo(world, 10);
  const { clock, step } = movedClock();
  expect(await mayTakeEvents(world.customerId, 10, clock)).toBeNull();
  step(60_000);
  expect(await mayTakeEvents(world.customerId, 1, clock)).toMatchObject({ code: 'usage_exceeded' });
  step(6 * 60_000);
  expect(await mayTakeEvents(world.customerId, 1, clock)).toBeNull();
});

test.each([
  ['SUSPENDED', 'customer_suspended'],
  ['CANCELLED', 'subscription_inactive'],
] as const)('a customer that is %s is refused as %s', async (status, code) => {
  const world = await createWorld();
  await db().update(customers).set({ status }).where(eq(customers.customerId, world.customerId));
  expect(await mayTakeEvents(world.customerId, 1)).toMatchObject({ code });
});

test('a higher limit holds within five seconds', async () => {
  const world = await createWorld();
  const { clock, step } = movedClock();
  await counted(world, eventsPerMonth.STARTER, clock());
  expect(await mayTakeEvents(world.customerId, 1, clock)).toMatchObject({ code: 'usage_exceeded' });
  await limitTo(world, 200_000);
  step(5_000);
  expect(await mayTakeEvents(world.customerId, 1, clock)).toBeNull();
});

test('10,000 calls at once ask Postgres once', async () => {
  const world = await createWorld();
  const asked = vi.spyOn(pool(), 'query');
  try {
    await Promise.all(Array.from({ length: 10_000 }, () => mayTakeEvents(world.customerId, 1)));
    expect(asked.mock.calls.length).toBe(1);
  } finally {
    asked.mockRestore();
  }
});

test('a page sees use, limit, the mark of 80 % and when the count begins anew', async () => {
  const world = await createWorld();
  const viewer = { ...world.as('VIEWER'), clock: () => new Date('2031-02-10T00:00:00Z') };
  const month = { month: '2031-02-01', limit: 100_000, resets_at: new Date('2031-03-01T00:00:00Z') };
  expect(await eventUse(viewer)).toEqual({ ...month, used: 0, warned: false, reached: false });
  await counted(world, 79_999, viewer.clock());
  expect(await eventUse(viewer)).toEqual({ ...month, used: 79_999, warned: false, reached: false });
  await counted(world, 80_000, viewer.clock());
  expect(await eventUse(viewer)).toMatchObject({ used: 80_000, warned: true, reached: false });
  await counted(world, 100_000, viewer.clock());
  expect(await eventUse(viewer)).toMatchObject({ warned: true, reached: true });
});

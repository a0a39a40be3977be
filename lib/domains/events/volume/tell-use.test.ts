import { and, eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { createWorld, type World } from '@/dev/testing/world';
import { eventMonths } from '@/lib/domains/events/tables';
import { setEventLimit } from '@/lib/domains/events/volume/set-limit';
import { tellEventUse } from '@/lib/domains/events/volume/tell-use';
import { notifications } from '@/lib/domains/notifications/tables';
import { db } from '@/lib/platform/db';

const clock = () => new Date('2031-06-20T12:00:00Z');
const month = '2031-06-01';

async function counted({ customerId }: World, events: number, of = month): Promise<void> {
  await db()
    .insert(eventMonths)
    .values({ customerId, month: of, events })
    .onConflictDoUpdate({ target: [eventMonths.customerId, eventMonths.month], set: { events } });
}
const tell = ({ customerId }: World) => tellEventUse({ clock, customers: [customerId] });
/** What the owner is told, the oldest first. */
async function told({ customerId, members }: World) {
  const rows = await db()
    .select()
    .from(notifications)
    .where(and(eq(notifications.customerId, customerId), eq(notifications.recipient, members.OWNER.email)));
  return rows.map(({ event, data }) => `${event} ${(data as { monthly_limit: number }).monthly_limit}`);
}

test('80 % and 100 % are told once each, to owners and admins', async () => {
  const world = await createWorld();
  await counted(world, 79_999);
  await tell(world);
  expect(await told(world)).toEqual([]);
  await counted(world, 80_000);
  await Promise.all([tell(world), tell(world), tell(world)]);
  expect(await told(world)).toEqual(['events_warning 100000']);
  await counted(world, 100_000);
  await tell(world);
  await tell(world);
  expect(await told(world)).toEqual(['events_warning 100000', 'events_reached 100000']);
  const all = await db().select().from(notifications).where(eq(notifications.customerId, world.customerId));
  const queued = all.filter(row => row.status === 'queued').map(row => row.recipient);
  expect(new Set(queued)).toEqual(new Set([world.members.OWNER.email, world.members.ADMIN.email]));
});

test('who passes both marks at once is told of the limit alone', async () => {
  const world = await createWorld();
  await counted(world, 150_000);
  await tell(world);
  expect(await told(world)).toEqual(['events_reached 100000']);
});

test('a limit that was raised is told of anew when it is reached too', async () => {
  const world = await createWorld();
  await counted(world, 100_000);
  await tell(world);
  await setEventLimit(world.system, { max_events_per_month: 200_000 });
  await tell(world);
  await counted(world, 160_000);
  await tell(world);
  await counted(world, 200_000);
  await tell(world);
  expect(await told(world)).toEqual(['events_reached 100000', 'events_warning 200000', 'events_reached 200000']);
});

test('months that are over are told of no more', async () => {
  const world = await createWorld();
  await counted(world, 500_000, '2031-05-01');
  await tell(world);
  expect(await told(world)).toEqual([]);
});

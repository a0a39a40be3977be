/** Messages for tests, due ten years ahead so that no worker that shares the database sends them. */
import { eq } from 'drizzle-orm';
import type { World } from '@/dev/testing/world';
import type { Channel } from '@/lib/domains/notifications/channel';
import { notify } from '@/lib/domains/notifications/notify';
import { sendDue } from '@/lib/domains/notifications/sender';
import { notifications } from '@/lib/domains/notifications/tables';
import { utcDay } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';

export const start = new Date(Date.now() + 3_650 * 86_400_000);
export const later = (ms: number) => new Date(start.getTime() + ms);
export const day = utcDay(start);

export const rowsOf = (world: World) =>
  db().select().from(notifications).where(eq(notifications.customerId, world.customerId));
export const rowOf = async (world: World, email: string) => {
  const [row] = (await rowsOf(world)).filter(item => item.recipient === email);
  if (!row) throw new Error(`no message to ${email}`);
  return row;
};
export const sendAt = (world: World, at: Date, channel?: Channel) =>
  sendDue({
    clock: () => at,
    random: () => 0,
    customers: [world.customerId],
    ...(channel ? { channels: { mail: channel } } : {}),
  });

export const warn = (world: World, at = start) =>
  db().transaction(tx =>
    notify(tx, {
      event: 'quota_warning',
      customerId: world.customerId,
      at,
      data: { day, runs: 5, daily_limit: 6 },
    }),
  );
export const changeRole = (world: World, to: string) =>
  db().transaction(tx =>
    notify(tx, {
      event: 'role_changed',
      customerId: world.customerId,
      at: start,
      to: { email: to, userId: null },
      data: {
        member_id: 'mem_1',
        from: 'VIEWER',
        to: 'ADMIN',
        changed_by: 'OWNER Person',
        changed_at: start.toISOString(),
      },
    }),
  );

import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { changeRole, rowOf } from '@/dev/testing/messages';
import { operator } from '@/dev/testing/operator';
import { createWorld } from '@/dev/testing/world';
import { notifications } from '@/lib/domains/notifications/tables';
import { auditLog } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';
import { randomText } from '@/lib/platform/ids';

const run = (...line: string[]) => operator('notifications', ...line);

test('what was given up is listed with its reason and put back in line, in the customer’s audit log', async () => {
  const world = await createWorld();
  const email = `cli-${randomText(8)}@example.com`;
  await changeRole(world, email);
  const { notificationId } = await rowOf(world, email);
  const own = eq(notifications.notificationId, notificationId);
  await db().update(notifications).set({ status: 'failed', attempts: 6, lastError: 'mailbox full' }).where(own);

  const listed = await run('list', '--failed', '--customer', world.customerId);
  expect(listed).toMatchObject({ code: 0 });
  expect(listed.out).toContain(notificationId);
  expect(listed.out).toContain(email);
  expect(listed.out).toContain('mailbox full');

  expect(await run('retry', notificationId)).toMatchObject({ code: 0, out: `${notificationId}: back in line\n` });
  // A worker that shares the database finds it due now, so it may be out already.
  expect(['queued', 'sent']).toContain((await rowOf(world, email)).status);
  const audit = await db().select().from(auditLog).where(eq(auditLog.customerId, world.customerId));
  expect(audit.map(entry => entry.action)).toContain('notification.retry');
  await db().update(notifications).set({ status: 'suppressed' }).where(own);
});

test('an unknown message and wrong usage say so', async () => {
  expect(await run('retry', 'ntf_none')).toMatchObject({
    code: 1,
    err: 'ntf_none: there is no given up message with this id.\n',
  });
  expect((await run('list', '--customer', 'cus_none')).out).toBe('No message.\n');
  expect((await run()).code).toBe(2);
  expect(await run('list', '--status', 'lost')).toMatchObject({ code: 2, err: expect.stringContaining('(lost)') });
  expect(await run('retry')).toMatchObject({ code: 2, err: expect.stringContaining('Name messages, or say --all.') });
});

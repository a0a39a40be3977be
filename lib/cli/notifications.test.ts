import { eq } from 'drizzle-orm';
import { expect, test, vi } from 'vitest';
import { changeRole, rowOf } from '@/dev/testing/messages';
import { createWorld } from '@/dev/testing/world';
import { notificationsCommand } from '@/lib/cli/notifications';
import { notifications } from '@/lib/domains/notifications/tables';
import { auditLog } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';
import { randomText } from '@/lib/platform/ids';

/** Runs the command and answers its exit code and what it printed. */
async function run(...args: string[]): Promise<{ code: number; out: string }> {
  const written: string[] = [];
  const keep = (text: unknown) => written.push(String(text)) > 0;
  const spies = [process.stdout, process.stderr].map(stream => vi.spyOn(stream, 'write').mockImplementation(keep));
  try {
    return { code: await notificationsCommand(args), out: written.join('') };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

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

  expect(await run('retry', notificationId)).toEqual({ code: 0, out: `${notificationId}: back in line\n` });
  // A worker that shares the database finds it due now, so it may be out already.
  expect(['queued', 'sent']).toContain((await rowOf(world, email)).status);
  const audit = await db().select().from(auditLog).where(eq(auditLog.customerId, world.customerId));
  expect(audit.map(entry => entry.action)).toContain('notification.retry');
  await db().update(notifications).set({ status: 'suppressed' }).where(own);
});

test('an unknown message and wrong usage say so', async () => {
  expect(await run('retry', 'ntf_none')).toEqual({
    code: 1,
    out: 'ntf_none: there is no given up message with this id.\n',
  });
  expect((await run('list', '--customer', 'cus_none')).out).toBe('No message.\n');
  expect((await run()).code).toBe(2);
  await expect(run('list', '--status', 'lost')).rejects.toThrow('lost is no status');
  await expect(run('retry')).rejects.toThrow('Name messages, or say --all.');
});

import { and, eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { rowOf, warn } from '@/dev/testing/messages';
import { createWorld, type World } from '@/dev/testing/world';
import { eventsOf, isOnByDefault } from '@/lib/domains/notifications/event-rules';
import { readPreferences } from '@/lib/domains/notifications/preferences';
import { notificationPreferences } from '@/lib/domains/notifications/tables';
import { setPreferences } from '@/lib/domains/team/mail-preferences';
import { teamMembers } from '@/lib/domains/team/tables';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { auditLog } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';

/** What an admin gets unless they say otherwise. */
const onByDefault = eventsOf('ADMIN').filter(event => isOnByDefault(event, 'ADMIN'));

const onOf = async (world: World, role: 'OWNER' | 'VIEWER' | 'ADMIN') =>
  (await readPreferences(world.as(role))).filter(choice => choice.mail).map(choice => choice.event);
const auditOf = (world: World) =>
  db()
    .select()
    .from(auditLog)
    .where(and(eq(auditLog.customerId, world.customerId), eq(auditLog.action, 'notification.set_preferences')))
    .orderBy(auditLog.sequence);
const mailOn = async (memberId: string) => {
  const [member] = await db().select().from(teamMembers).where(eq(teamMembers.memberId, memberId));
  return member?.emailNotifications;
};

test('what a person sets holds, for them and here only, and is audited with before and after', async () => {
  const world = await createWorld();
  expect(await onOf(world, 'OWNER')).toEqual(onByDefault);
  await setPreferences(world.as('OWNER'), { mail: ['run_failed', 'quota_exceeded'] });
  expect(await onOf(world, 'OWNER')).toEqual(['quota_exceeded', 'run_failed']);
  expect(await onOf(world, 'ADMIN')).toEqual(onByDefault);
  const [entry, ...more] = await auditOf(world);
  expect(more).toEqual([]);
  expect(entry).toMatchObject({
    targetType: 'user',
    targetId: world.members.OWNER.userId,
    before: { mail: onByDefault },
    after: { mail: ['quota_exceeded', 'run_failed'] },
  });
});

test('the same choice again changes nothing', async () => {
  const world = await createWorld();
  await setPreferences(world.as('OWNER'), { mail: [...onByDefault].reverse() });
  expect(await auditOf(world)).toEqual([]);
});

/** The person of the VIEWER, as they are after a change of their role. */
async function become(world: World, role: 'ADMIN' | 'VIEWER'): Promise<CustomerCtx> {
  const { memberId, userId, email } = world.members.VIEWER;
  await db().update(teamMembers).set({ role }).where(eq(teamMembers.memberId, memberId));
  return { ...world.as('VIEWER'), actor: { type: 'user', id: userId, email, role } };
}
const onAs = async (ctx: CustomerCtx) =>
  (await readPreferences(ctx)).filter(choice => choice.mail).map(choice => choice.event);

test('what was left as it was follows the role: a viewer who turned one on gets all of an admin’s later', async () => {
  const world = await createWorld();
  await setPreferences(world.as('VIEWER'), { mail: ['run_failed'] });
  const admin = await become(world, 'ADMIN');
  expect(await onAs(admin)).toEqual(onByDefault);
  expect(await warn(world)).toBe(3);
  expect(await rowOf(world, world.members.VIEWER.email)).toMatchObject({ event: 'quota_warning', status: 'queued' });
});

test('what was turned off stays off through a change of role and back; put back as it was, it follows the role again', async () => {
  const world = await createWorld();
  const withoutQuota = onByDefault.filter(event => event !== 'quota_warning');
  await setPreferences(await become(world, 'ADMIN'), { mail: withoutQuota });
  const viewer = await become(world, 'VIEWER');
  await setPreferences(viewer, { mail: ['quota_exceeded'] });
  await setPreferences(viewer, { mail: [] });
  const admin = await become(world, 'ADMIN');
  expect(await onAs(admin)).toEqual(withoutQuota);
  await setPreferences(admin, { mail: [...onByDefault] });
  const stored = await db()
    .select()
    .from(notificationPreferences)
    .where(eq(notificationPreferences.customerId, world.customerId));
  expect(stored).toEqual([]);
});

test('the member’s email_notifications says whether any mail is on', async () => {
  const world = await createWorld();
  const { memberId } = world.members.VIEWER;
  await setPreferences(world.as('VIEWER'), { mail: ['run_failed'] });
  expect(await mailOn(memberId)).toBe(true);
  await setPreferences(world.as('VIEWER'), { mail: [] });
  expect(await mailOn(memberId)).toBe(false);
});

test('a role cannot choose what it may not see; security mails and unknown names are no choice', async () => {
  const world = await createWorld();
  for (const event of ['payment_failed', 'role_changed', 'all']) {
    const refused = setPreferences(world.as('VIEWER'), { mail: [event] });
    await expect(refused).rejects.toMatchObject({ code: 'invalid_input' });
  }
  await expect(setPreferences(world.as('OWNER'), { mail: [], sms: [] })).rejects.toMatchObject({
    code: 'invalid_input',
  });
  expect(await onOf(world, 'VIEWER')).toEqual([]);
});

test('two forms of one person at once: the later one holds whole', async () => {
  const world = await createWorld();
  await Promise.all([
    setPreferences(world.as('OWNER'), { mail: ['run_failed'] }),
    setPreferences(world.as('OWNER'), { mail: ['trial_ends'] }),
  ]);
  const on = await onOf(world, 'OWNER');
  expect([['run_failed'], ['trial_ends']]).toContainEqual(on);
});

test('keys and jobs have no messages to choose', async () => {
  const world = await createWorld();
  await expect(setPreferences(world.system, { mail: [] })).rejects.toMatchObject({ code: 'forbidden' });
  await expect(readPreferences(world.system)).rejects.toMatchObject({ code: 'forbidden' });
});

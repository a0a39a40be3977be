/** What staff see and do about messages that were given up. */
import { and, eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { mailsTo } from '@/dev/testing/inbox';
import { changeRole, later, rowOf, sendAt, start } from '@/dev/testing/messages';
import { createWorld, type World } from '@/dev/testing/world';
import { listFailedNotifications, retryNotification } from '@/lib/domains/notifications/outbox';
import { shortAddresses } from '@/lib/domains/notifications/words';
import { type Ctx, systemCtx } from '@/lib/kernel/ctx';
import { auditLog } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';
import { randomText } from '@/lib/platform/ids';

const staff: Ctx = { ...systemCtx('x'), actor: { type: 'staff', id: `ann-${randomText(8)}@example.com` } };
const actingFor = ({ customerId, tenantDatasetId }: World): Ctx => ({ ...staff, customerId, tenantDatasetId });

/** A message that the mail service refused, with the address in its words. */
async function givenUp() {
  const world = await createWorld({ companyName: 'Acme Analytics' });
  const email = `person-${randomText(8)}@example.com`;
  await changeRole(world, email);
  await sendAt(world, start, async () => ({ outcome: 'refused', error: `Mailbox <${email}> is unknown.` }));
  return { world, email, id: (await rowOf(world, email)).notificationId };
}

test('staff see of a given up message whose it is, how often it was tried and why, without what it says', async () => {
  const { world, email, id } = await givenUp();
  const listed = await listFailedNotifications(staff);
  expect(listed.find(row => row.notification_id === id)).toEqual({
    notification_id: id,
    customer_id: world.customerId,
    company_name: 'Acme Analytics',
    event: 'role_changed',
    recipient: 'p…@example.com',
    attempts: 1,
    last_error: 'Mailbox <p…@example.com> is unknown.',
    created_at: start,
  });
  expect(JSON.stringify(listed)).not.toContain(email);
});

test('the look is on record; members and keys may not have it', async () => {
  await listFailedNotifications(staff);
  const reads = await db()
    .select()
    .from(auditLog)
    .where(and(eq(auditLog.actorId, staff.actor.id), eq(auditLog.action, 'notification.list_failed')));
  expect(reads.length).toBeGreaterThan(0);
  const world = await createWorld();
  await expect(listFailedNotifications(world.as('OWNER'))).rejects.toMatchObject({ code: 'forbidden' });
  await expect(retryNotification(world.as('OWNER'), { notification_id: 'ntf_x' })).rejects.toMatchObject({
    code: 'forbidden',
  });
});

test('sent again by staff it arrives, leaves the list, and the organization’s audit log says who did it', async () => {
  const { world, email, id } = await givenUp();
  const stranger = await createWorld();
  await expect(retryNotification(actingFor(stranger), { notification_id: id })).rejects.toMatchObject({
    code: 'not_found',
  });
  await retryNotification({ ...actingFor(world), clock: () => later(1) }, { notification_id: id });
  expect(await sendAt(world, later(1))).toMatchObject({ sent: 1 });
  expect(await mailsTo(email)).toHaveLength(1);
  expect((await listFailedNotifications(staff)).map(row => row.notification_id)).not.toContain(id);
  const entries = await db()
    .select()
    .from(auditLog)
    .where(and(eq(auditLog.customerId, world.customerId), eq(auditLog.action, 'notification.retry')));
  expect(entries).toMatchObject([{ actorType: 'staff', actorId: staff.actor.id, targetId: id, outcome: 'ok' }]);
});

test.each([
  ["o'brien@example.com", 'o…@example.com'],
  ['To: mia@a.example, jo+x@b.example; no route', 'To: m…@a.example, j…@b.example; no route'],
  ['validation_error: Invalid `to` field.', 'validation_error: Invalid `to` field.'],
])('%s is shown as %s', (text, shown) => expect(shortAddresses(text)).toBe(shown));

/** How often one address can be invited: refused for itself alone, whoever has written to it. */
import { and, asc, eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { invited, memberByEmail, someone } from '@/dev/testing/team';
import { createWorld, type World } from '@/dev/testing/world';
import { allowanceOf } from '@/lib/domains/notifications/event-rules';
import { notify } from '@/lib/domains/notifications/notify';
import { notifications } from '@/lib/domains/notifications/tables';
import { cancelInvitation, inviteMembers, resendInvitation } from '@/lib/domains/team/invitations/invitations';
import { readSeats } from '@/lib/domains/team/seats';
import { teamMembers } from '@/lib/domains/team/tables';
import { db } from '@/lib/platform/db';
import { newId } from '@/lib/platform/ids';

const { fromOne = 0, fromAll = 0 } = allowanceOf('invitation') ?? {};

/** Invitations to an address that went out in the last hour. */
const spend = (world: World, email: string, mails: number) =>
  db().transaction(async tx => {
    for (let index = 0; index < mails; index++) {
      const at = new Date(Date.now() - 3_600_000);
      const data = { member_id: newId('mem'), invited_by: 'x', role: 'VIEWER' as const, expires_at: at.toISOString() };
      const to = { email, userId: null };
      await notify(tx, { event: 'invitation', customerId: world.customerId, at, to, data });
    }
    const sent = and(eq(notifications.customerId, world.customerId), eq(notifications.recipient, email));
    await tx.update(notifications).set({ status: 'sent' }).where(sent);
  });
const sentence = (email: string) => `No more invitations can be sent to ${email} for now. Try again tomorrow.`;

test('an address that had its invitations of the day is refused for itself; the others are invited', async () => {
  const world = await createWorld({ plan: 'SCALE' });
  const [often, fresh] = [someone(), someone()];
  await spend(world, often, fromOne);
  const emails = [often, fresh, world.members.VIEWER.email];
  const { result } = await inviteMembers(world.system, { emails, role: 'VIEWER', when_short: 'refuse' });
  expect(result.results).toMatchObject([
    { email: often, status: 'rate_limited', member_id: null, invitation_expires_at: null },
    { email: fresh, status: 'sent' },
    { status: 'already_member' },
  ]);
  expect(result.seats.used).toBe(5);
  await expect(memberByEmail(world, often)).rejects.toThrow('not in the team');
});

test('it takes no seat: with one left, the address after it gets it', async () => {
  const world = await createWorld({ plan: 'PROFESSIONAL' });
  await invited(world);
  const [often, fresh] = [someone(), someone()];
  await spend(world, often, fromOne);
  const { result } = await inviteMembers(world.system, {
    emails: [often, fresh],
    role: 'VIEWER',
    when_short: 'refuse',
  });
  expect(result.results.map(item => item.status)).toEqual(['rate_limited', 'sent']);
});

test('with nobody else to invite the answer is 429, a result for each address, and nothing is changed', async () => {
  const world = await createWorld({ plan: 'SCALE' });
  const often = someone();
  await spend(world, often, fromOne);
  await expect(inviteMembers(world.system, { emails: [often], role: 'VIEWER' })).rejects.toMatchObject({
    code: 'rate_limited',
    message: sentence(often),
    fields: [{ path: 'emails', message: sentence(often) }],
    retryAfterSeconds: 86_400,
    details: { results: [{ email: often, status: 'rate_limited' }] },
  });
  expect((await readSeats(world.as('OWNER'))).used).toBe(4);
});

test('where other organizations wrote to the address, the refusal is word for word the same', async () => {
  const email = someone();
  const shams = Math.ceil(fromAll / fromOne);
  for (let sham = 0; sham < shams; sham++) await spend(await createWorld(), email, fromOne);
  const world = await createWorld({ plan: 'SCALE' });
  await expect(inviteMembers(world.system, { emails: [email], role: 'VIEWER' })).rejects.toMatchObject({
    message: sentence(email),
    retryAfterSeconds: 86_400,
  });
});

test('sent again too often, an invitation keeps its link, its end and its mail', async () => {
  const world = await createWorld({ plan: 'SCALE' });
  const { email, memberId } = await invited(world);
  await spend(world, email, fromOne);
  const mail = and(eq(notifications.customerId, world.customerId), eq(notifications.recipient, email));
  const state = async () => {
    const rows = await db().select().from(notifications).where(mail).orderBy(asc(notifications.notificationId));
    return { member: await memberByEmail(world, email), mails: rows.map(row => row.notificationId) };
  };
  const before = await state();
  await expect(resendInvitation(world.system, { member_id: memberId })).rejects.toMatchObject({
    code: 'rate_limited',
    message: sentence(email),
  });
  expect(await state()).toEqual(before);
});

test('cancelling an invitation whose mail was given up wipes the mail’s link', async () => {
  const world = await createWorld({ plan: 'SCALE' });
  const { email, memberId } = await invited(world);
  const mail = and(eq(notifications.customerId, world.customerId), eq(notifications.recipient, email));
  await db()
    .update(notifications)
    .set({ status: 'failed', sealedSecret: Buffer.from('sealed') })
    .where(mail);
  await cancelInvitation(world.system, { member_id: memberId });
  const rows = await db().select().from(notifications).where(mail);
  expect(rows).toMatchObject([{ status: 'suppressed', sealedSecret: null }]);
});

test('an address with an apostrophe is invited once, in lower case', async () => {
  const world = await createWorld({ plan: 'SCALE' });
  const email = someone().replace('new-', "o'brien-");
  const { result } = await inviteMembers(world.system, { emails: [email.toUpperCase(), email], role: 'VIEWER' });
  expect(result.results).toMatchObject([{ email, status: 'sent' }]);
  const rows = await db().select().from(teamMembers).where(eq(teamMembers.email, email));
  expect(rows).toMatchObject([{ status: 'INVITED' }]);
});

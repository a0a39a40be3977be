import { and, eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { auditOf, invited, memberByEmail, someone } from '@/dev/testing/team';
import { createWorld, type World } from '@/dev/testing/world';
import { notify, secretPlace } from '@/lib/domains/notifications/notify';
import { notifications } from '@/lib/domains/notifications/tables';
import { addMember } from '@/lib/domains/team/commands';
import { removeMember } from '@/lib/domains/team/departures';
import { findInvitation } from '@/lib/domains/team/invitations/acceptance';
import { invitationsPerDay } from '@/lib/domains/team/invitations/daily-invitations';
import { hashOfToken } from '@/lib/domains/team/invitations/invitation-token';
import { cancelInvitation, inviteMembers, resendInvitation } from '@/lib/domains/team/invitations/invitations';
import { readSeats } from '@/lib/domains/team/seats';
import { teamMembers } from '@/lib/domains/team/tables';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { powersOf } from '@/lib/kernel/grants';
import { open } from '@/lib/kernel/sealing';
import { db, pool } from '@/lib/platform/db';

const later = (ctx: CustomerCtx, days: number): CustomerCtx => ({
  ...ctx,
  clock: () => new Date(Date.now() + days * 86_400_000),
});
const keyCtx = (world: World): CustomerCtx => ({
  ...world.as('OWNER'),
  actor: { type: 'api_key', id: 'a-key', name: 'automation', scopes: [...powersOf('VIEWER'), 'team:write'] },
});
const mailsTo = (world: World, recipient: string) =>
  db()
    .select()
    .from(notifications)
    .where(and(eq(notifications.customerId, world.customerId), eq(notifications.recipient, recipient)));

test('each address gets an answer of its own, and an audit row where something was done', async () => {
  const world = await createWorld({ plan: 'SCALE' });
  const [known, fresh, other] = [someone(), someone(), someone()];
  await inviteMembers(world.as('ADMIN'), { emails: [known], role: 'VIEWER' });
  const { result } = await inviteMembers(world.as('ADMIN'), {
    emails: [fresh, world.members.VIEWER.email.toUpperCase(), known, other],
    role: 'COLLABORATOR',
  });
  expect(result.results.map(item => item.status)).toEqual(['sent', 'already_member', 'already_invited', 'sent']);
  expect(result.seats).toEqual({ used: 7, limit: 11 });
  expect(await memberByEmail(world, fresh)).toMatchObject({
    status: 'INVITED',
    role: 'COLLABORATOR',
    invitedBy: world.members.ADMIN.email,
    userId: null,
    joinedAt: null,
  });
  const rows = await auditOf(world, 'team.invite');
  expect(rows.map(row => row.after)).toMatchObject([{ email: known }, { email: fresh }, { email: other }]);
  expect(new Set(rows.map(row => row.sequence)).size).toBe(3);
});

test('an invitation by a key names the key, one by a person the person', async () => {
  const world = await createWorld({ plan: 'SCALE' });
  const [byKey, byPerson] = [someone(), someone()];
  await inviteMembers(keyCtx(world), { emails: [byKey], role: 'VIEWER' });
  await inviteMembers(world.as('OWNER'), { emails: [byPerson], role: 'VIEWER' });
  expect((await mailsTo(world, byKey))[0]?.data).toMatchObject({ invited_by: 'automation', inviter: 'key' });
  expect((await mailsTo(world, byPerson))[0]?.data).toMatchObject({ invited_by: 'OWNER Person', inviter: 'person' });
});

test('the mail carries the link sealed; Postgres holds its SHA-256 and no table its text', async () => {
  const world = await createWorld({ plan: 'SCALE' });
  const email = someone();
  await inviteMembers(world.as('OWNER'), { emails: [email], role: 'VIEWER' });
  const [mail] = await mailsTo(world, email);
  expect(mail).toMatchObject({ event: 'invitation', data: { role: 'VIEWER', invited_by: 'OWNER Person' } });
  const sealed = mail?.sealedSecret ?? Buffer.alloc(0);
  const token = (await open(sealed, secretPlace(world.customerId, mail?.notificationId ?? ''))).toString('utf8');
  expect(token).toMatch(/^[\w-]{43}$/);
  expect((await memberByEmail(world, email)).invitationTokenHash).toBe(hashOfToken(token));
  for (const table of ['team_members', 'notifications', 'audit_log', 'outbox']) {
    const { rows } = await pool().query(`SELECT 1 FROM ${table} t WHERE strpos(t::text, $1) > 0 LIMIT 1`, [token]);
    expect(rows, table).toEqual([]);
  }
});

test('50 invitations at once for one seat: one gets it, 49 are told that all seats are used', async () => {
  const world = await createWorld({ plan: 'PROFESSIONAL' });
  await addMember(world.system, { email: someone(), role: 'VIEWER' });
  const answers = await Promise.allSettled(
    Array.from({ length: 50 }, () => inviteMembers(world.as('ADMIN'), { emails: [someone()], role: 'VIEWER' })),
  );
  const refused = answers.filter(answer => answer.status === 'rejected').map(answer => answer.reason);
  expect(refused).toHaveLength(49);
  for (const reason of refused)
    expect(reason).toMatchObject({
      code: 'conflict',
      message: 'All 6 seats are used. Cancel an invitation, remove a member, or change the plan.',
    });
  expect(await readSeats(world.as('OWNER'))).toEqual({ used: 6, limit: 6, members: 5, invitations: 1 });
  expect(await auditOf(world, 'team.invite')).toHaveLength(1);
});

test('with fewer seats than addresses the first ones get them, or nobody if the caller says so', async () => {
  const world = await createWorld({ plan: 'PROFESSIONAL' });
  await addMember(world.system, { email: someone(), role: 'VIEWER' });
  const emails = [someone(), someone()];
  await expect(
    inviteMembers(world.as('OWNER'), { emails, role: 'VIEWER', when_short: 'refuse' }),
  ).rejects.toMatchObject({
    code: 'invalid_input',
    fields: [{ path: 'emails', message: '2 invitations, 1 seat left. Remove one or change the plan.' }],
  });
  expect((await readSeats(world.as('OWNER'))).used).toBe(5);
  const { result } = await inviteMembers(world.as('OWNER'), { emails, role: 'VIEWER' });
  expect(result.results.map(item => item.status)).toEqual(['sent', 'no_seat']);
});

test('an expired invitation frees its seat, and needs a free one to be sent again', async () => {
  const world = await createWorld({ plan: 'PROFESSIONAL' });
  const first = await invited(world);
  await inviteMembers(world.as('OWNER'), { emails: [someone()], role: 'VIEWER' });
  const afterwards = later(world.as('OWNER'), 8);
  expect(await readSeats(afterwards)).toMatchObject({ used: 4, invitations: 0 });
  await inviteMembers(afterwards, { emails: [someone(), someone()], role: 'VIEWER' });
  await expect(resendInvitation(afterwards, { member_id: first.memberId })).rejects.toMatchObject({ code: 'conflict' });
  const again = await inviteMembers(later(world.as('OWNER'), 16), { emails: [first.email], role: 'ADMIN' });
  expect(again.result.results).toMatchObject([{ status: 'sent', member_id: first.memberId }]);
  expect((await memberByEmail(world, first.email)).role).toBe('ADMIN');
});

test('sent again, an invitation keeps its day, gets a new link and 7 days, and the old link is dead', async () => {
  const world = await createWorld({ plan: 'SCALE' });
  const { email, memberId, token } = await invited(world);
  const before = await memberByEmail(world, email);
  const afterwards = later(world.as('ADMIN'), 3);
  await resendInvitation(afterwards, { member_id: memberId });
  const after = await memberByEmail(world, email);
  expect(after.invitedAt).toEqual(before.invitedAt);
  expect(after.invitationExpiresAt?.getTime()).toBeGreaterThan(
    (before.invitationExpiresAt?.getTime() ?? 0) + 2.9 * 86_400_000,
  );
  expect(await findInvitation(token)).toBeNull();
  const mails = await mailsTo(world, email);
  expect(mails).toHaveLength(2);
  // Unless a sender was faster, the first mail is taken back: its link would lead nowhere.
  expect(['suppressed', 'sent']).toContain(mails.find(mail => mail.createdAt < afterwards.clock())?.status);
});

test('a cancelled invitation frees its seat, its link says so, and cancelling again changes nothing', async () => {
  const world = await createWorld({ plan: 'SCALE' });
  const { memberId, token, email } = await invited(world);
  await cancelInvitation(world.as('ADMIN'), { member_id: memberId });
  expect((await findInvitation(token))?.state).toBe('cancelled');
  expect((await readSeats(world.as('OWNER'))).used).toBe(4);
  await cancelInvitation(world.as('ADMIN'), { member_id: memberId });
  expect(await auditOf(world, 'team.cancel_invitation')).toHaveLength(1);
  expect((await mailsTo(world, email)).map(mail => mail.status)).not.toContain('queued');
});

test('a removed person is invited again on their old row, whose partition stays', async () => {
  const world = await createWorld({ plan: 'SCALE' });
  const { memberId, email } = world.members.VIEWER;
  const before = await memberByEmail(world, email);
  await removeMember(world.as('OWNER'), { member_id: memberId });
  await inviteMembers(world.as('OWNER'), { emails: [email], role: 'ADMIN' });
  const after = await memberByEmail(world, email);
  expect(after).toMatchObject({
    memberId,
    status: 'INVITED',
    role: 'ADMIN',
    userId: null,
    joinedAt: null,
    removedAt: null,
  });
  expect(after.invitedAt).toEqual(before.invitedAt);
});

test('only owners invite owners; a key cannot, whatever its scopes', async () => {
  const world = await createWorld({ plan: 'SCALE' });
  for (const ctx of [world.as('ADMIN'), keyCtx(world)]) {
    await expect(inviteMembers(ctx, { emails: [someone()], role: 'OWNER' })).rejects.toMatchObject({
      code: 'forbidden',
    });
  }
  const { email, memberId } = await invited(world, 'OWNER');
  expect((await memberByEmail(world, email)).role).toBe('OWNER');
  await expect(cancelInvitation(world.as('ADMIN'), { member_id: memberId })).rejects.toMatchObject({
    code: 'forbidden',
  });
  const byKey = await inviteMembers(keyCtx(world), { emails: [someone()], role: 'VIEWER' });
  expect(byKey.result.results[0]?.status).toBe('sent');
});

test('what is no address is refused by its own sentence, and nobody is invited', async () => {
  const world = await createWorld({ plan: 'SCALE' });
  const emails = [
    someone(),
    'm\u00eda@example.com',
    '<b>x</b>@example.com',
    'a@b.example, c@d.example',
    'x'.repeat(3_000),
  ];
  await expect(inviteMembers(world.as('OWNER'), { emails, role: 'VIEWER' })).rejects.toMatchObject({
    code: 'invalid_input',
    fields: [{ path: 'emails.1' }, { path: 'emails.2' }, { path: 'emails.3' }, { path: 'emails.4' }],
  });
  expect((await readSeats(world.as('OWNER'))).used).toBe(4);
});

test('a customer sends a bounded number of invitations a day', async () => {
  const world = await createWorld({ plan: 'SCALE' });
  const { customerId } = world;
  await db().transaction(async tx => {
    for (let index = 0; index < invitationsPerDay; index += 1) {
      await notify(tx, {
        event: 'invitation',
        customerId,
        at: new Date(Date.now() - 3_600_000),
        to: { email: someone(), userId: null },
        data: { member_id: `mem_${index}`, invited_by: 'x', role: 'VIEWER', expires_at: new Date().toISOString() },
      });
    }
  });
  await db().update(notifications).set({ status: 'suppressed' }).where(eq(notifications.customerId, customerId));
  await expect(inviteMembers(world.as('OWNER'), { emails: [someone()], role: 'VIEWER' })).rejects.toMatchObject({
    code: 'rate_limited',
    retryAfterSeconds: expect.closeTo(23 * 3_600, -2),
  });
  const rows = await db().select().from(teamMembers).where(eq(teamMembers.customerId, customerId));
  expect(rows.filter(row => row.status === 'INVITED')).toEqual([]);
});

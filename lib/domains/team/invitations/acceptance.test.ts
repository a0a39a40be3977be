import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { auditOf, invited, invitee, memberById, someone, waitingFor } from '@/dev/testing/team';
import { createWorld } from '@/dev/testing/world';
import { subscriptions } from '@/lib/domains/subscriptions/tables';
import { removeMember } from '@/lib/domains/team/departures';
import { acceptInvitation, findInvitation } from '@/lib/domains/team/invitations/acceptance';
import { cancelInvitation } from '@/lib/domains/team/invitations/invitations';
import { readPerson } from '@/lib/domains/team/membership';
import { readSeats } from '@/lib/domains/team/seats';
import { teamMembers } from '@/lib/domains/team/tables';
import { db } from '@/lib/platform/db';

test('the invited person joins with the invitation’s role; the seat stays one seat; one audit row says who', async () => {
  const world = await createWorld({ plan: 'SCALE' });
  const { email, memberId, token } = await invited(world, 'COLLABORATOR');
  const ctx = await invitee(world, email);
  await acceptInvitation(ctx, { token });
  expect((await readPerson(ctx.userId))?.memberships).toMatchObject([
    { customerId: world.customerId, role: 'COLLABORATOR', memberId },
  ]);
  expect(await memberById(memberId)).toMatchObject({
    status: 'ACTIVE',
    userId: ctx.userId,
    fullName: `Person of ${email}`,
  });
  expect(await readSeats(world.as('OWNER'))).toMatchObject({ used: 5, members: 5, invitations: 0 });
  expect(await auditOf(world, 'team.accept_invitation')).toMatchObject([
    { actorId: ctx.userId, targetId: memberId, before: { status: 'INVITED' }, after: { status: 'ACTIVE' } },
  ]);
});

test('20 acceptances at once make one member, once', async () => {
  const world = await createWorld({ plan: 'SCALE' });
  const { email, token } = await invited(world);
  const ctx = await invitee(world, email);
  const answers = await Promise.allSettled(Array.from({ length: 20 }, () => acceptInvitation(ctx, { token })));
  expect(answers.filter(answer => answer.status === 'fulfilled')).toHaveLength(1);
  for (const answer of answers.filter(item => item.status === 'rejected'))
    expect(answer.reason).toMatchObject({
      code: 'conflict',
      message: 'This invitation was used already. It works once.',
    });
  expect(await auditOf(world, 'team.accept_invitation')).toHaveLength(1);
});

const setSeats = (customerId: string, seats: number) =>
  db().update(subscriptions).set({ maxTeamMembers: seats }).where(eq(subscriptions.customerId, customerId));

test('a plan that was lowered since has no seat for the invited: they are told whom to ask, and join once there is one', async () => {
  const world = await createWorld({ plan: 'SCALE' });
  const { email, memberId, token } = await invited(world);
  await setSeats(world.customerId, 4);
  const ctx = await invitee(world, email);
  await expect(acceptInvitation(ctx, { token })).rejects.toMatchObject({
    code: 'conflict',
    message:
      'The plan of this organization has 4 seats and 4 members have them. Ask OWNER Person to free a seat or to change the plan, then accept again.',
    details: { seats_used: 5, seats: 4 },
  });
  expect((await memberById(memberId))?.status).toBe('INVITED');
  await removeMember(world.as('OWNER'), { member_id: world.members.VIEWER.memberId });
  await acceptInvitation(ctx, { token });
  expect(await readSeats(world.as('OWNER'))).toMatchObject({ used: 4, members: 4, invitations: 0 });
});

test('of several invited who accept at once as many join as there are seats, and nobody loses one', async () => {
  const world = await createWorld({ plan: 'SCALE' });
  const invitations = [await invited(world), await invited(world), await invited(world)];
  await setSeats(world.customerId, 5);
  const people = await Promise.all(invitations.map(({ email }) => invitee(world, email)));
  const answers = await Promise.allSettled(
    people.map((ctx, index) => acceptInvitation(ctx, { token: invitations[index]?.token })),
  );
  expect(answers.filter(answer => answer.status === 'fulfilled')).toHaveLength(1);
  expect(await readSeats(world.as('OWNER'))).toMatchObject({ members: 5, invitations: 2, limit: 5 });
});

test('another account is told for whom the invitation is, and does not get in', async () => {
  const world = await createWorld({ plan: 'SCALE' });
  const { email, memberId, token } = await invited(world, 'ADMIN');
  const other = someone();
  const ctx = await invitee(world, other);
  for (const input of [{ token }, { member_id: memberId }]) {
    await expect(acceptInvitation(ctx, input)).rejects.toMatchObject({
      code: 'forbidden',
      message: `This invitation is for ${email}. You are signed in as ${other}. Sign in as the invited address.`,
    });
  }
  expect((await memberById(memberId))?.status).toBe('INVITED');
});

test('an expired, a cancelled and a removed member’s link are refused, each with its own sentence', async () => {
  const world = await createWorld({ plan: 'SCALE' });
  const [expired, cancelled, removed] = [await invited(world), await invited(world), await invited(world)];
  await db()
    .update(teamMembers)
    .set({ invitationExpiresAt: new Date(Date.now() - 1) })
    .where(eq(teamMembers.memberId, expired.memberId));
  await cancelInvitation(world.system, { member_id: cancelled.memberId });
  await acceptInvitation(await invitee(world, removed.email), { token: removed.token });
  await removeMember(world.system, { member_id: removed.memberId });
  const refusals: [typeof expired, RegExp][] = [
    [expired, /has expired/],
    [cancelled, /was cancelled/],
  ];
  for (const [invitation, sentence] of refusals) {
    const ctx = await invitee(world, invitation.email);
    await expect(acceptInvitation(ctx, { token: invitation.token })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(sentence),
    });
    expect((await readPerson(ctx.userId))?.memberships).toEqual([]);
  }
  expect((await findInvitation(removed.token))?.state).toBe('used');
});

test('a link of another organization, a guessed one and one that is no link lead nowhere', async () => {
  const [world, other] = [await createWorld({ plan: 'SCALE' }), await createWorld({ plan: 'SCALE' })];
  const { email, token } = await invited(other);
  const ctx = await invitee(world, email);
  await expect(acceptInvitation(ctx, { token })).rejects.toMatchObject({ code: 'not_found' });
  await expect(acceptInvitation(ctx, { token: 'x'.repeat(43) })).rejects.toMatchObject({ code: 'not_found' });
  await expect(acceptInvitation(ctx, { token: `${token}' OR 1=1 --` })).rejects.toMatchObject({
    code: 'invalid_input',
  });
  expect(await findInvitation('')).toBeNull();
  expect(await findInvitation(`${token}x`)).toBeNull();
});

test('open invitations wait for whoever signs in as the address, of every organization', async () => {
  const [world, other] = [await createWorld({ plan: 'SCALE' }), await createWorld({ plan: 'SCALE' })];
  const { email, memberId } = await invited(world, 'VIEWER');
  const second = await invited(other, 'ADMIN', email);
  expect((await waitingFor(email)).map(item => item.customerId).sort()).toEqual(
    [world.customerId, other.customerId].sort(),
  );
  await acceptInvitation(await invitee(world, email), { member_id: memberId });
  expect(await waitingFor(email)).toMatchObject([{ memberId: second.memberId, role: 'ADMIN', state: 'open' }]);
});

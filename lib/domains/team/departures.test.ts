import { and, eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { auditOf, invited, memberById, someone } from '@/dev/testing/team';
import { createWorld, type World } from '@/dev/testing/world';
import { notifications } from '@/lib/domains/notifications/tables';
import { leaveTeam, removeMember } from '@/lib/domains/team/departures';
import { inviteMembers } from '@/lib/domains/team/invitations/invitations';
import { readPerson } from '@/lib/domains/team/membership';
import { changeRole } from '@/lib/domains/team/roles';
import { readSeats } from '@/lib/domains/team/seats';
import { teamMembers } from '@/lib/domains/team/tables';
import { db } from '@/lib/platform/db';

const mailOf = (world: World, event: string) =>
  db()
    .select()
    .from(notifications)
    .where(and(eq(notifications.customerId, world.customerId), eq(notifications.event, event)));

test('a removed member is out with the next request, is told, and the seat is free', async () => {
  const world = await createWorld({ plan: 'SCALE' });
  const { memberId, userId, email } = world.members.VIEWER;
  await removeMember(world.as('ADMIN'), { member_id: memberId, reason: 'Left the company' });
  expect((await readPerson(userId))?.memberships).toEqual([]);
  expect((await readSeats(world.as('OWNER'))).used).toBe(3);
  expect(await memberById(memberId)).toMatchObject({
    status: 'REMOVED',
    removedBy: world.members.ADMIN.email,
    removalReason: 'Left the company',
  });
  expect(await mailOf(world, 'member_removed')).toMatchObject([
    { recipient: email, data: { removed_by: 'ADMIN Person' } },
  ]);
  await expect(inviteMembers(world.as('VIEWER'), { emails: [someone()], role: 'VIEWER' })).rejects.toMatchObject({
    code: 'forbidden',
  });
});

test('an admin removed while their request is on its way changes nothing any more', async () => {
  const world = await createWorld({ plan: 'SCALE' });
  await removeMember(world.system, { member_id: world.members.ADMIN.memberId });
  await expect(inviteMembers(world.as('ADMIN'), { emails: [someone()], role: 'VIEWER' })).rejects.toMatchObject({
    code: 'forbidden',
    message: 'You are no longer a member of this organization.',
  });
});

test('removing twice changes nothing the second time; oneself and an invitation are not removed', async () => {
  const world = await createWorld({ plan: 'SCALE' });
  const { memberId } = world.members.VIEWER;
  await removeMember(world.system, { member_id: memberId });
  await removeMember(world.system, { member_id: memberId });
  expect(await auditOf(world, 'team.remove')).toHaveLength(1);
  const own = removeMember(world.as('ADMIN'), { member_id: world.members.ADMIN.memberId });
  await expect(own).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('Leave') });
  const invitation = await invited(world);
  const wrong = removeMember(world.as('ADMIN'), { member_id: invitation.memberId });
  await expect(wrong).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('Cancel') });
});

test('everyone but the last owner may leave, and is out at once', async () => {
  const world = await createWorld({ plan: 'SCALE' });
  for (const role of ['VIEWER', 'COLLABORATOR', 'ADMIN'] as const) {
    await leaveTeam(world.as(role), {});
    expect((await readPerson(world.members[role].userId))?.memberships).toEqual([]);
  }
  await expect(leaveTeam(world.system, {})).rejects.toMatchObject({ code: 'forbidden' });
  expect(await auditOf(world, 'team.leave')).toHaveLength(3);
});

test('whatever happens at once, an owner stays and seats are never exceeded', async () => {
  const world = await createWorld({ plan: 'PROFESSIONAL' });
  const ids = Object.values(world.members).map(member => member.memberId);
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(Math.random() * items.length)] as Item;
  const acts = [
    () => changeRole(world.system, { member_id: pick(ids), role: pick(['OWNER', 'ADMIN', 'VIEWER']) }),
    () => removeMember(world.system, { member_id: pick(ids) }),
    () => inviteMembers(world.system, { emails: [someone(), someone()], role: 'VIEWER' }),
  ];
  await Promise.allSettled(Array.from({ length: 60 }, () => pick(acts)()));
  const team = await db().select().from(teamMembers).where(eq(teamMembers.customerId, world.customerId));
  expect(team.filter(member => member.role === 'OWNER' && member.status === 'ACTIVE').length).toBeGreaterThan(0);
  expect(team.filter(member => member.status === 'ACTIVE' || member.status === 'INVITED').length).toBeLessThanOrEqual(
    6,
  );
});

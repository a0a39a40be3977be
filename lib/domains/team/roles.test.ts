import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { auditOf, invited, memberById } from '@/dev/testing/team';
import { createWorld, type World } from '@/dev/testing/world';
import { leaveTeam, removeMember } from '@/lib/domains/team/departures';
import { readPerson } from '@/lib/domains/team/membership';
import { readMember } from '@/lib/domains/team/queries';
import { changeRole, transferOwnership } from '@/lib/domains/team/roles';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { customerScopes, type Role } from '@/lib/kernel/permissions';
import { auditDenials } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';

const id = (world: World, role: Role) => world.members[role].memberId;
const keyCtx = (world: World): CustomerCtx => ({
  ...world.as('OWNER'),
  actor: { type: 'api_key', id: 'a-key', name: 'automation', scopes: customerScopes },
});
const rolesOf = async (world: World, ...of: Role[]) =>
  Promise.all(of.map(async role => (await memberById(id(world, role)))?.role));

test('a new role holds from the next request on, and is in the audit log with both roles', async () => {
  const world = await createWorld({ plan: 'SCALE' });
  await changeRole(world.as('ADMIN'), { member_id: id(world, 'VIEWER'), role: 'COLLABORATOR' });
  expect((await readPerson(world.members.VIEWER.userId))?.memberships[0]?.role).toBe('COLLABORATOR');
  expect(await auditOf(world, 'team.change_role')).toMatchObject([
    { before: { role: 'VIEWER' }, after: { role: 'COLLABORATOR' } },
  ]);
  await changeRole(world.as('ADMIN'), { member_id: id(world, 'VIEWER'), role: 'COLLABORATOR' });
  expect(await auditOf(world, 'team.change_role')).toHaveLength(1);
});

test('an admin and a key neither make owners nor touch one', async () => {
  const world = await createWorld({ plan: 'SCALE' });
  for (const ctx of [world.as('ADMIN'), keyCtx(world)]) {
    const attempts = [
      () => changeRole(ctx, { member_id: id(world, 'VIEWER'), role: 'OWNER' }),
      () => changeRole(ctx, { member_id: id(world, 'OWNER'), role: 'VIEWER' }),
      () => removeMember(ctx, { member_id: id(world, 'OWNER') }),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ code: 'forbidden' });
  }
  await expect(
    changeRole(world.as('ADMIN'), { member_id: id(world, 'ADMIN'), role: 'OWNER', confirm_own: true }),
  ).rejects.toMatchObject({ code: 'forbidden' });
  expect(await rolesOf(world, 'OWNER', 'VIEWER', 'ADMIN')).toEqual(['OWNER', 'VIEWER', 'ADMIN']);
  const denials = await db().select().from(auditDenials).where(eq(auditDenials.customerId, world.customerId));
  const count = (action: string) =>
    denials.filter(row => row.action === action).reduce((sum, row) => sum + row.occurrences, 0);
  expect([count('team.change_role'), count('team.remove')]).toEqual([5, 2]);
});

test('one’s own role changes only with a confirmation', async () => {
  const world = await createWorld({ plan: 'SCALE' });
  const own = { member_id: id(world, 'ADMIN'), role: 'VIEWER' };
  await expect(changeRole(world.as('ADMIN'), own)).rejects.toMatchObject({
    code: 'invalid_input',
    fields: [{ path: 'confirm_own', message: 'Confirm that you change your own role.' }],
  });
  await changeRole(world.as('ADMIN'), { ...own, confirm_own: true });
  expect(await rolesOf(world, 'ADMIN')).toEqual(['VIEWER']);
  // The session that asked was an admin's; under the lock the role is the one of now.
  await expect(
    changeRole(world.as('ADMIN'), { member_id: id(world, 'COLLABORATOR'), role: 'ADMIN' }),
  ).rejects.toMatchObject({ code: 'forbidden' });
});

test('the last owner cannot be demoted, removed, or leave', async () => {
  const world = await createWorld({ plan: 'SCALE' });
  const owner = id(world, 'OWNER');
  const attempts = [
    () => changeRole(world.as('OWNER'), { member_id: owner, role: 'ADMIN', confirm_own: true }),
    () => changeRole(world.system, { member_id: owner, role: 'ADMIN' }),
    () => removeMember(world.system, { member_id: owner }),
    () => leaveTeam(world.as('OWNER'), {}),
  ];
  for (const attempt of attempts)
    await expect(attempt()).rejects.toMatchObject({
      code: 'conflict',
      fields: [{ path: 'role', message: 'Make someone else owner first.' }],
    });
  expect((await readMember(world.as('VIEWER'), owner)).isLastOwner).toBe(true);
});

test('two owners who demote each other, or both leave, at once: one stays owner', async () => {
  for (let round = 0; round < 5; round += 1) {
    const world = await createWorld({ plan: 'SCALE' });
    await changeRole(world.system, { member_id: id(world, 'ADMIN'), role: 'OWNER' });
    const first = world.as('OWNER');
    const second: CustomerCtx = {
      ...world.as('ADMIN'),
      actor: { ...world.as('ADMIN').actor, role: 'OWNER' } as CustomerCtx['actor'],
    };
    const demotion = [
      () => changeRole(first, { member_id: id(world, 'ADMIN'), role: 'VIEWER' }),
      () => changeRole(second, { member_id: id(world, 'OWNER'), role: 'VIEWER' }),
    ];
    const departure = [() => leaveTeam(first, {}), () => leaveTeam(second, {})];
    const answers = await Promise.allSettled((round % 2 ? demotion : departure).map(act => act()));
    expect(answers.filter(answer => answer.status === 'fulfilled')).toHaveLength(1);
    const rows = await Promise.all([memberById(id(world, 'OWNER')), memberById(id(world, 'ADMIN'))]);
    expect(rows.filter(row => row?.role === 'OWNER' && row.status === 'ACTIVE')).toHaveLength(1);
  }
});

test('ownership is handed over in one step, by an owner only, to a member only', async () => {
  const world = await createWorld({ plan: 'SCALE' });
  await expect(transferOwnership(world.as('ADMIN'), { member_id: id(world, 'ADMIN') })).rejects.toMatchObject({
    code: 'forbidden',
  });
  const { memberId } = await invited(world);
  await expect(transferOwnership(world.as('OWNER'), { member_id: memberId })).rejects.toMatchObject({
    code: 'not_found',
  });
  await expect(transferOwnership(world.as('OWNER'), { member_id: id(world, 'OWNER') })).rejects.toMatchObject({
    code: 'conflict',
  });
  await transferOwnership(world.as('OWNER'), { member_id: id(world, 'COLLABORATOR') });
  expect(await rolesOf(world, 'OWNER', 'COLLABORATOR')).toEqual(['ADMIN', 'OWNER']);
});

test('another organization’s member is not found by any command', async () => {
  const [world, other] = [await createWorld(), await createWorld()];
  const member_id = id(other, 'VIEWER');
  const attempts = [
    () => changeRole(world.as('OWNER'), { member_id, role: 'ADMIN' }),
    () => removeMember(world.as('OWNER'), { member_id }),
    () => transferOwnership(world.as('OWNER'), { member_id }),
    () => readMember(world.as('OWNER'), member_id),
  ];
  for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ code: 'not_found' });
});

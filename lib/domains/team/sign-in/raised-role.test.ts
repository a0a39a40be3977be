import { expect, test } from 'vitest';
import { createWorld, type World } from '@/dev/testing/world';
import { readPerson } from '@/lib/domains/team/membership';
import { changeRole, transferOwnership } from '@/lib/domains/team/roles';
import { isRaised } from '@/lib/domains/team/sign-in/raised-role';
import type { Role } from '@/lib/kernel/permissions';

const versionOf = async (world: World, role: Role) => {
  const person = await readPerson(world.members[role].userId);
  return [person?.memberships[0]?.sessionVersion, person?.sessionVersion];
};

test.each([
  ['VIEWER', 'COLLABORATOR', true],
  ['COLLABORATOR', 'ADMIN', true],
  ['ADMIN', 'OWNER', true],
  ['OWNER', 'ADMIN', false],
  ['ADMIN', 'VIEWER', false],
  ['VIEWER', 'VIEWER', false],
] as const)('from %s to %s is a gain of power: %s', (before, now, raised) => {
  expect(isRaised(before, now)).toBe(raised);
});

test('a person who gains power must sign in again there and nowhere else, one who loses some need not', async () => {
  const world = await createWorld({ plan: 'SCALE' });
  const change = (role: Role, to: Role) =>
    changeRole(world.as('OWNER'), { member_id: world.members[role].memberId, role: to });
  await change('VIEWER', 'ADMIN');
  expect(await versionOf(world, 'VIEWER')).toEqual([2, 1]);
  await change('VIEWER', 'COLLABORATOR');
  expect(await versionOf(world, 'VIEWER')).toEqual([2, 1]);
  expect(await versionOf(world, 'OWNER')).toEqual([1, 1]);
});

test('who is handed the organization signs in again, who hands it over stays signed in', async () => {
  const world = await createWorld({ plan: 'SCALE' });
  await transferOwnership(world.as('OWNER'), { member_id: world.members.ADMIN.memberId });
  expect(await versionOf(world, 'ADMIN')).toEqual([2, 1]);
  expect(await versionOf(world, 'OWNER')).toEqual([1, 1]);
});

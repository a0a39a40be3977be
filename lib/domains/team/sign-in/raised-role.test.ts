import { expect, test } from 'vitest';
import { createWorld, type World } from '@/dev/testing/world';
import { readPerson } from '@/lib/domains/team/membership';
import { changeRole, transferOwnership } from '@/lib/domains/team/roles';
import { isRaised } from '@/lib/domains/team/sign-in/raised-role';
import type { Role } from '@/lib/kernel/permissions';

const versionOf = async (world: World, role: Role) => (await readPerson(world.members[role].userId))?.sessionVersion;

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

test('a person who gains power must sign in again, one who loses some need not', async () => {
  const world = await createWorld({ plan: 'SCALE' });
  const change = (role: Role, to: Role) =>
    changeRole(world.as('OWNER'), { member_id: world.members[role].memberId, role: to });
  await change('VIEWER', 'ADMIN');
  expect(await versionOf(world, 'VIEWER')).toBe(2);
  await change('VIEWER', 'COLLABORATOR');
  expect(await versionOf(world, 'VIEWER')).toBe(2);
  expect(await versionOf(world, 'OWNER')).toBe(1);
});

test('who is handed the organization signs in again, who hands it over stays signed in', async () => {
  const world = await createWorld({ plan: 'SCALE' });
  await transferOwnership(world.as('OWNER'), { member_id: world.members.ADMIN.memberId });
  expect([await versionOf(world, 'ADMIN'), await versionOf(world, 'OWNER')]).toEqual([2, 1]);
});

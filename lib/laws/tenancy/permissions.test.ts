/** Role × command: each command lets exactly those roles pass that the permission table names, and asks before it reads its input. */
import { beforeAll, describe, expect, test } from 'vitest';
import { createWorld, type World } from '@/dev/testing/world';
import { commands } from '@/lib/kernel/command';
import { permissions, type Role, roleHas, roles } from '@/lib/kernel/permissions';
import { loadDomains } from '@/lib/laws/tenancy/modules';

await loadDomains();
const names = [...commands().keys()].sort();
const cells = names.flatMap(name => roles.map(role => [name, role] as const));

/** An input no command takes: who may pass hears of the input, who may not hears of the role. */
const wrongInput = { no_such_field: true };

describe('role × command', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld({ plan: 'SCALE' });
  });

  test.each(cells)('%s by %s', async (name, role) => {
    const command = commands().get(name);
    if (!command) throw new Error(`${name} is not registered`);
    const code = roleHas(role, command.permission) ? 'invalid_input' : 'forbidden';
    await expect(command(world.as(role), wrongInput)).rejects.toMatchObject({ code });
  });
});

/** The table again, by hand: a change of who may do what is made twice, on purpose. */
const expected: Record<keyof typeof permissions, string> = {
  'runs:read': 'OACV',
  'runs:write': 'OAC',
  'quota:read': 'OACV',
  'keys:read': 'OACV',
  'keys:write': 'OA',
  'team:read': 'OACV',
  'team:write': 'OA',
  'providers:read': 'OACV',
  'providers:write': 'OAC',
  'credentials:read': 'OAC',
  'credentials:write': 'OA',
  'events:read': 'OACV',
  'events:write': 'OAC',
  'traces:read': 'OACV',
  'traces:write': 'OAC',
  'prices:write': 'OA',
  'budgets:write': 'OA',
  'agent-log:read': 'OACV',
  'agent-log:write': 'OAC',
  'agent-log:manage': 'OA',
  'agent-log:erase': 'O',
  'desk:query': 'OAC',
  'desk:manage': 'OA',
  'pull-requests:read': 'OACV',
  'pull-requests:write': 'OAC',
  'billing:read': 'OACV',
  'billing:write': 'OA',
  'audit:read': 'OA',
  'organization:read': 'OACV',
  'organization:write': 'OA',
  'organization:create': 'OACV',
  'organization:delete': 'O',
  'profile:write': 'OACV',
  'keys:verify': '',
  'runs:any': '',
  'staff:read': '',
  'staff:write': '',
};

test('the roles of each permission are those that were agreed', () => {
  const initials = (granted: readonly Role[]) => granted.map(role => role[0]).join('');
  const actual = Object.entries(permissions).map(([name, grant]) => [name, initials(grant.roles)]);
  expect(Object.fromEntries(actual)).toEqual(expected);
});

test('a role that comes later in the table never has a permission that an earlier one lacks', () => {
  for (const { roles: granted } of Object.values(permissions)) expect(granted).toEqual(roles.slice(0, granted.length));
});

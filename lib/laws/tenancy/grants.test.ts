/** Walks every command a key can reach: what a key gives (a role, scopes, a rate) is bounded by what it has itself. */
import { describe, expect, test } from 'vitest';
import { invited, someone } from '@/dev/testing/team';
import { createWorld, type World } from '@/dev/testing/world';
import { createKey } from '@/lib/domains/keys/commands';
import { commands } from '@/lib/kernel/command';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { powersOf } from '@/lib/kernel/grants';
import { customerScopes, type Permission, permissions, type Role, roles } from '@/lib/kernel/permissions';
import { loadDomains } from '@/lib/laws/tenancy/modules';
import { stateOf, type Victim } from '@/lib/laws/tenancy/victim';

type Input = (world: World, given: string) => object | Promise<object>;
type Decision =
  | { gives: 'role' | 'scope'; input: Input }
  /** Why it hands on nothing. */
  | { gives: 'nothing'; because: string };

/** A member whose role is another one than the given. */
const memberFor = (world: World, role: string) => world.members[role === 'VIEWER' ? 'COLLABORATOR' : 'VIEWER'].memberId;
const keyWith = async (world: World, scope: string) =>
  (await createKey(world.system, { name: 'other', scopes: [scope] })).result.key.api_key_id;
const nothing = (because: string): Decision => ({ gives: 'nothing', because });

/** What each command that a key can reach gives; a command that is not here fails the walk. */
const decisions: Record<string, Decision> = {
  'team.invite': { gives: 'role', input: (_, role) => ({ emails: [someone()], role }) },
  'team.resend_invitation': {
    gives: 'role',
    input: async (world, role) => ({ member_id: (await invited(world, role as Role)).memberId }),
  },
  'team.change_role': { gives: 'role', input: (world, role) => ({ member_id: memberFor(world, role), role }) },
  'team.add_member': { gives: 'role', input: (_, role) => ({ email: someone(), role }) },
  'team.cancel_invitation': nothing('it takes an invitation away'),
  'team.remove': nothing('it takes access away'),
  'api_key.create': { gives: 'scope', input: (_, scope) => ({ name: 'mine', scopes: [scope] }) },
  'api_key.rotate': {
    gives: 'scope',
    input: async (world, scope) => ({ api_key_id: await keyWith(world, scope), grace_seconds: 0 }),
  },
  'credential.create': nothing('a credential opens what is the customer’s own'),
  'credential.edit': nothing('a credential opens what is the customer’s own'),
  'credential.rotate': nothing('a credential opens what is the customer’s own'),
  'credential.end_overlap': nothing('it takes an old secret away'),
  'credential.delete': nothing('it takes a credential away'),
  'desk.run_query': nothing('it reads what the key may read'),
  'desk.save_query': nothing('a text gives no right'),
  'desk.change_saved_query': nothing('a text gives no right'),
  'desk.delete_saved_query': nothing('it takes a text away'),
  'run.again': nothing('a run gives no right'),
  'provider_config.create': nothing('a config gives no right'),
  'provider_config.edit': nothing('a config gives no right'),
  'provider_config.duplicate': nothing('a config gives no right'),
  'provider_config.enable': nothing('it starts work and gives no right'),
  'provider_config.disable': nothing('it ends work and gives no right'),
  'provider_config.delete': nothing('it takes a config away'),
  'provider_config.test_slack': nothing('a message gives no right'),
  'provider_config.run': nothing('a run gives no right'),
  'dead_row.replay': nothing('a row gives no right'),
  'trace_dead_row.replay': nothing('a row gives no right'),
  'discard.replay': nothing('a value gives no right'),
  'discard.allow': nothing('a column gives no right'),
  'event_source.create': nothing('a write key sends events and reads nothing'),
  'event_source.edit': nothing('a source gives no right'),
  'event_source.delete': nothing('it takes a source away'),
  'event_source.rotate_key': nothing('a write key sends events and reads nothing'),
  'event_source.revoke_key': nothing('it takes a write key away'),
  'ai_budget.create': nothing('a budget gives no right'),
  'ai_budget.edit': nothing('a budget gives no right'),
  'ai_budget.delete': nothing('it takes a budget away'),
  'model_price.set': nothing('a price gives no right'),
  'model_price.delete': nothing('it takes a price away'),
  'model_price.reprice': nothing('it values anew and gives no right'),
  'identity.confirm': nothing('a name gives no right'),
  'identity.reject': nothing('a name gives no right'),
  'identity.remove': nothing('a name gives no right'),
  'identity.import': nothing('a name gives no right'),
  'repository.connect': nothing('a webhook’s secret only asks for a look'),
  'repository.edit': nothing('it names a credential of the customer’s own'),
  'repository.disconnect': nothing('it ends work and gives no right'),
  'repository.renew_secret': nothing('a webhook’s secret only asks for a look'),
  'repository.sync': nothing('it starts work and gives no right'),
  'run.cancel': nothing('it ends work and gives no right'),
  'credential.test': nothing('a test gives no right'),
  'credential.test_secret': nothing('a test gives no right'),
  'api_key.rename': nothing('a name gives no right'),
  'api_key.revoke': nothing('it takes a key away'),
  'api_key.end_grace': nothing('it takes a key away'),
};

await loadDomains();
const reachable = [...commands().values()].filter(command => permissions[command.permission].scope !== 'none');
const names = reachable.map(command => command.commandName).sort();
const givers = (kind: 'role' | 'scope') => names.filter(name => decisions[name]?.gives === kind);

const keyCtx = (world: World, scopes: readonly Permission[]): CustomerCtx => ({
  ...world.as('OWNER'),
  actor: { type: 'api_key', id: 'a-key', name: 'automation', scopes },
});

/** Runs the command as a key with these scopes; answers the error's code or ok, and whether anything of the customer changed. */
async function attempt(name: string, scopes: readonly Permission[], given: string) {
  const command = commands().get(name);
  const decision = decisions[name];
  if (!command || !decision || decision.gives === 'nothing') throw new Error(`${name} gives nothing`);
  const world = await createWorld({ plan: 'SCALE' });
  const input = await decision.input(world, given);
  const before = await stateOf({ world } as Victim);
  const outcome = await command(keyCtx(world, scopes), input).then(
    () => 'ok',
    (error: { code?: string }) => error.code,
  );
  return { outcome, changed: (await stateOf({ world } as Victim)) !== before };
}
const without = (role: Role, power: Permission) => powersOf(role).filter(name => name !== power);
const refused = { outcome: 'insufficient_scope', changed: false };
const done = { outcome: 'ok', changed: true };

test('the walk knows every command that a key can reach, and no other', () =>
  expect(Object.keys(decisions).sort()).toEqual(names));

test('no key can hold what makes an admin or owner, all of what makes the others', () => {
  const able = roles.filter(role => powersOf(role).every(power => customerScopes.includes(power)));
  expect(able).toEqual(['COLLABORATOR', 'VIEWER']);
  for (const role of roles) expect(powersOf(role)).toContain('runs:read');
});

describe.each(givers('role'))('%s by a key', name => {
  const own = commands().get(name)!.permission;

  test.each(roles)('gives %s to nobody where the key has its own scope alone', async role => {
    const { outcome, changed } = await attempt(name, [own], role);
    // Owners are made by owners: that is said first, and it is no question of scopes.
    expect([outcome, changed]).toEqual([role === 'OWNER' ? 'forbidden' : 'insufficient_scope', false]);
  });

  test('makes no admin, whatever scopes the key has', async () =>
    expect(await attempt(name, customerScopes, 'ADMIN')).toEqual(refused));

  test.each(powersOf('COLLABORATOR').filter(power => power !== own))(
    'makes no collaborator where the key lacks %s',
    async power =>
      expect(await attempt(name, [own, ...without('COLLABORATOR', power)], 'COLLABORATOR')).toEqual(refused),
  );

  test.each(['COLLABORATOR', 'VIEWER'] as const)('gives %s where the key has all that the role has', async role =>
    expect(await attempt(name, [own, ...powersOf(role)], role)).toEqual(done),
  );
});

describe.each(givers('scope'))('%s by a key', name => {
  const own = commands().get(name)!.permission;

  test.each(customerScopes.filter(scope => scope !== own))('gives no %s that the key lacks', async scope =>
    expect(await attempt(name, [own], scope)).toEqual(refused),
  );

  test('gives what the key has', async () =>
    expect(await attempt(name, [own, 'quota:read'], 'quota:read')).toEqual(done));
});

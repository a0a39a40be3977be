/** What a key form, the docs or Settings offer is something that exists: a scope nothing asks for would promise a feature. */
import { expect, test } from 'vitest';
import { eventNames, events } from '@/lib/domains/notifications/events';
import { documentedRoutes } from '@/lib/edge/v1/routes';
import { commands } from '@/lib/kernel/command';
import { type Permission, permissions } from '@/lib/kernel/permissions';
import { sourceFiles } from '@/lib/laws/source-files';
import { loadDomains } from '@/lib/laws/tenancy/modules';
import { queries } from '@/lib/warehouse/query/define-query';

await loadDomains();
const sources = sourceFiles(['lib', 'app'], /(?<!\.test|\.law)\.tsx?$/);

const quoted = (pattern: RegExp): string[] =>
  sources.flatMap(({ text }) => [...text.matchAll(pattern)].map(([, name]) => name ?? ''));

/** Permissions that a command, a query, a call of the data plane or a guard written by hand asks for. */
const asked = new Set<string>([
  ...[...commands().values(), ...queries().values()].map(({ permission }) => permission),
  ...documentedRoutes.flatMap(({ permission }) => permission ?? []),
  ...quoted(/\b(?:authorise|may)\([\w.]+, '([a-z:-]+)'/g),
  // A service key's scope that stands for others, as authenticate.ts lists them.
  ...quoted(/^const impliedScopes\b[^}]*?\{\s*'([a-z:-]+)':/gm),
]);
const scopes = Object.keys(permissions) as Permission[];
const offered = scopes.filter(name => ['customer', 'service'].includes(permissions[name].scope));

test('every scope that keys may be given is asked for somewhere', () => {
  expect(offered.length).toBeGreaterThan(6);
  expect(offered.filter(name => !asked.has(name))).toEqual([]);
});

test('a message that members may turn off is sent somewhere, one that is still to come is not', () => {
  const elsewhere = sources.filter(({ path }) => path !== 'lib/domains/notifications/events.ts');
  const told = (name: string) => elsewhere.some(({ text }) => text.includes(`'${name}'`));
  const wrong = eventNames.filter(name => told(name) === 'isUpcoming' in events[name]);
  expect(wrong).toEqual([]);
});

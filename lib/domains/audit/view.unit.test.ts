import { expect, test } from 'vitest';
import { viewOfForm } from '@/lib/domains/audit/attempts';
import type { AuditEntryRow } from '@/lib/domains/audit/queries';
import { changesOf, viewOf } from '@/lib/domains/audit/view';

const entry: AuditEntryRow = {
  audit_id: 'a',
  sequence: 7,
  occurrences: 1,
  occurred_at: new Date('2026-11-21T02:09:14Z'),
  actor_type: 'user',
  actor_id: 'usr_1',
  action: 'api_key.revoke',
  target_type: 'api_key',
  target_id: 'key_1',
  outcome: 'ok',
  before: { name: 'ci-loader', status: 'ACTIVE' },
  after: { name: 'ci-loader', status: 'REVOKED' },
  request_id: 'req_1',
  ip_prefix: '203.0.113.0/24',
  user_agent: 'Firefox',
};
const names = new Map([
  ['user:usr_1', 'Mia Kern'],
  ['user:usr_2', 'Jo Lind'],
]);

test('an entry is a sentence with the name the target had', () => {
  expect(viewOf(entry, names)).toMatchObject({
    actor: 'Mia Kern',
    sentence: 'revoked API key',
    object: 'ci-loader',
    targetWord: 'API key',
    changes: [{ field: 'Status', before: 'Active', after: 'Revoked' }],
  });
});

test('a refusal says what was tried, and names no target', () => {
  const refused = {
    ...entry,
    outcome: 'denied',
    target_type: 'permission',
    target_id: 'api_key.revoke',
    occurrences: 3,
  };
  expect(viewOf({ ...refused, before: null, after: null }, names)).toMatchObject({
    sentence: 'tried to revoke an API key',
    object: '',
    denied: true,
    occurrences: 3,
  });
});

test('a form that was only looked at is told apart from one that was sent', () => {
  const sentence = (action: string) =>
    viewOf({ ...entry, outcome: 'denied', action, before: null, after: null }, names).sentence;
  expect(sentence('api_key.revoke')).toBe('tried to revoke an API key');
  expect(sentence(viewOfForm('api_key.revoke'))).toBe('tried to open the page “Revoke API key”');
  expect(viewOfForm('audit.list_entries')).toBe('audit.list_entries');
});

test.each([
  ['user', 'usr_9', 'A former member'],
  ['api_key', 'key_9', 'API key key_9'],
  ['staff', 'sam@tenantry.example', 'Tenantry support'],
  ['service', 'svc_1', 'Service key'],
  ['stripe', 'stripe', 'Stripe'],
  ['system', 'job:quotas.reconcile', 'Tenantry'],
])('an actor of kind %s that has no name is shown as such', (actor_type, actor_id, actor) => {
  expect(viewOf({ ...entry, actor_type, actor_id }, names).actor).toBe(actor);
});

test('an entry that does not name its target takes the name of now, else says what kind it is', () => {
  const bare = { ...entry, action: 'team.remove', target_type: 'member', before: null, after: null };
  const known = new Map([['member:mem_2', 'Jo Lind']]);
  expect(viewOf({ ...bare, target_id: 'mem_2' }, known)).toMatchObject({ sentence: 'removed', object: 'Jo Lind' });
  expect(viewOf({ ...bare, target_id: 'mem_9f2k7' }, known)).toMatchObject({
    sentence: 'removed a member',
    object: '',
  });
});

test('an action that is no command any more still reads', () => {
  expect(viewOf({ ...entry, action: 'report.print_all' }, names).sentence).toBe('did report print all:');
  expect(viewOf({ ...entry, action: 'report.print_all', outcome: 'denied' }, names).sentence).toBe(
    'tried report print all',
  );
});

test.each([
  ['nothing to nothing', null, null, []],
  ['a creation', null, { a: 1 }, [{ field: 'A', before: null, after: '1' }]],
  ['a deletion', { a: false }, null, [{ field: 'A', before: 'No', after: null }]],
  ['an equal field', { a: 1, b: 2 }, { a: 1, b: 3 }, [{ field: 'B', before: '2', after: '3' }]],
  ['null and absence are the same', { a: null }, {}, []],
  ['a nested object', { o: { x: 1 } }, { o: { x: 2 } }, [{ field: 'O, x', before: '1', after: '2' }]],
  ['a list', { l: ['a'] }, { l: ['a', 'b'] }, [{ field: 'L', before: 'a', after: 'a, b' }]],
  ['a secret', { s: '[secret]' }, {}, [{ field: 'S', before: '[secret]', after: null }]],
])('changes of %s', (_, before, after, changes) => {
  expect(changesOf(before, after)).toEqual(changes);
});

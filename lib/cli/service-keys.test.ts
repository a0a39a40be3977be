import { expect, test } from 'vitest';
import { operator } from '@/dev/testing/operator';
import { lookUpKey } from '@/lib/domains/keys/verify';

const run = (...line: string[]) => operator('service-keys', ...line);

test('create prints a working key once, list never does, revoke refuses it at once', async () => {
  const days = ['--expires-days', '30'];
  const made = await run('create', '--name', 'Gateway', '--scopes', 'keys:verify, runs:any', ...days);
  expect(made.code).toBe(0);
  const key = made.out.trim();
  const id = /Created (\S+)\./.exec(made.err)?.[1] ?? '';
  const check = await lookUpKey(key);
  expect(check).toMatchObject({ valid: true, holder: { kind: 'service', scopes: ['keys:verify', 'runs:any'] } });
  const listed = await run('list');
  expect(listed.code).toBe(0);
  expect(listed.out).toContain(id);
  expect(listed.out).not.toContain(key);
  expect((await run('revoke', id, '--reason', 'test')).code).toBe(0);
  expect(await lookUpKey(key)).toMatchObject({ valid: false, code: 'DISABLED' });
});

const misuses: [code: number, says: RegExp, ...line: string[]][] = [
  [2, /^Missing required argument: --name/, 'create', '--scopes', 'keys:verify'],
  [2, /^Option '--name <value>' argument missing/, 'create', '--scopes', 'keys:verify', '--name'],
  [1, /"nope" is not a scope/, 'create', '--name', 'x', '--scopes', 'nope'],
  [2, /^Invalid value for argument: --tier \(HUGE\)/, 'create', '--name', 'x', '--scopes', 'x', '--tier', 'HUGE'],
  [2, /whole number of days/, 'create', '--name', 'x', '--scopes', 'keys:verify', '--expires-days', '1.5'],
  [1, /no such service key/, 'revoke', 'nobody'],
  [2, /^Missing required positional argument: ID/, 'revoke'],
  [2, /^Unexpected argument 'two'/, 'revoke', 'one', 'two'],
  [2, /^Name a command/],
  [2, /^There is no command service-keys burn/, 'burn'],
  [2, /^Unknown option '--burn'/, 'list', '--burn'],
];
test.each(misuses)('exit %i saying %s', async (code, says, ...line) => {
  const ended = await run(...line);
  expect(ended).toMatchObject({ code, out: '' });
  expect(ended.err).toMatch(says);
});

import { afterEach, expect, test, vi } from 'vitest';
import { serviceKeysCommand } from '@/lib/cli/service-keys';
import { lookUpKey } from '@/lib/domains/keys/verify';

const printed = { out: '', err: '' };
const catchOutput = () => {
  Object.assign(printed, { out: '', err: '' });
  for (const [stream, name] of [
    [process.stdout, 'out'],
    [process.stderr, 'err'],
  ] as const) {
    vi.spyOn(stream, 'write').mockImplementation(text => {
      printed[name] += String(text);
      return true;
    });
  }
};
afterEach(() => vi.restoreAllMocks());

async function run(...args: string[]): Promise<number> {
  catchOutput();
  const code = await serviceKeysCommand(args);
  vi.restoreAllMocks();
  return code;
}

test('create prints a working key once, list never does, revoke refuses it at once', async () => {
  expect(await run('create', '--name', 'Gateway', '--scopes', 'keys:verify, runs:any', '--expires-days', '30')).toBe(0);
  const key = printed.out.trim();
  const id = /Created (\S+)\./.exec(printed.err)?.[1] ?? '';
  const check = await lookUpKey(key);
  expect(check).toMatchObject({ valid: true, holder: { kind: 'service', scopes: ['keys:verify', 'runs:any'] } });
  expect(await run('list')).toBe(0);
  expect(printed.out).toContain(id);
  expect(printed.out).not.toContain(key);
  expect(await run('revoke', id, '--reason', 'test')).toBe(0);
  expect(await lookUpKey(key)).toMatchObject({ valid: false, code: 'DISABLED' });
});

const misuses: [code: number, says: RegExp, ...args: string[]][] = [
  [1, /name: Give the key a name/, 'create', '--scopes', 'keys:verify'],
  [1, /"nope" is not a scope/, 'create', '--name', 'x', '--scopes', 'nope'],
  [1, /whole number of days/, 'create', '--name', 'x', '--scopes', 'keys:verify', '--expires-days', '1.5'],
  [1, /no such service key/, 'revoke', 'nobody'],
  [2, /Name the id/, 'revoke'],
  [2, /Name a command/],
  [2, /There is no service-keys burn/, 'burn'],
  [2, /--burn/, 'list', '--burn'],
];
test.each(misuses)('exit %i saying %s', async (code, says, ...args) => {
  expect(await run(...args)).toBe(code);
  expect(printed.err).toMatch(says);
  expect(printed.out).toBe('');
});

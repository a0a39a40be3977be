import { expect, test } from 'vitest';
import { sdkNames, sdkOf, snippetOf } from '@/app/(portal)/sources/[id]/_parts/snippets';

const where = { writeKey: 'wk_one', address: 'https://events.example.com' };

test.each(sdkNames)(
  'the %s snippet carries the write key and the data plane’s address, and nothing to fill in',
  sdk => {
    const { code } = snippetOf(sdk, where);
    expect(code).toContain('wk_one');
    expect(code).toContain('events.example.com');
    expect(code).not.toMatch(/[<…]|YOUR|undefined/);
  },
);

test('an address that names no SDK shows curl', () => {
  expect([sdkOf('node'), sdkOf('ruby'), sdkOf(undefined)]).toEqual(['node', 'curl', 'curl']);
});

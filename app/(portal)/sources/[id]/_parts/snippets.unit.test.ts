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

test('the browser SDK is told the host, the scheme and where its settings are', () => {
  expect(snippetOf('browser', where).code).toContain("apiHost: 'events.example.com/v1', protocol: 'https'");
  const local = snippetOf('browser', { ...where, address: 'http://127.0.0.1:8080' }).code;
  expect(local).toContain("apiHost: '127.0.0.1:8080/v1', protocol: 'http'");
  expect(local).toContain("cdnURL: 'http://127.0.0.1:8080'");
});

test('an address that names no SDK shows curl', () => {
  expect([sdkOf('node'), sdkOf('ruby'), sdkOf(undefined)]).toEqual(['node', 'curl', 'curl']);
});

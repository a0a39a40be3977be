import { expect, test } from 'vitest';
import { contentSecurityPolicy, newNonce, requestIdOf } from '@/lib/edge/portal/security-headers';

const input = { nonce: 'abc', formTargets: [], development: false };
const directive = (policy: string, name: string) => policy.split('; ').find(part => part.startsWith(`${name} `));

test('scripts run only with the nonce of this answer; nothing is evaluated', () => {
  const scripts = directive(contentSecurityPolicy(input), 'script-src');
  expect(scripts).toBe("script-src 'self' 'nonce-abc' 'strict-dynamic'");
});

test('inline style elements are refused, computed style attributes are not', () => {
  const policy = contentSecurityPolicy(input);
  expect(directive(policy, 'style-src')).toBe("style-src 'self'");
  expect(directive(policy, 'style-src-attr')).toBe("style-src-attr 'unsafe-inline'");
});

test('forms may lead to the listed origins only, each once and without its path', () => {
  const formTargets = ['https://accounts.google.com/o/oauth2', 'http://127.0.0.1:4000', 'https://accounts.google.com'];
  expect(directive(contentSecurityPolicy({ ...input, formTargets }), 'form-action')).toBe(
    "form-action 'self' https://accounts.google.com http://127.0.0.1:4000",
  );
});

test('no page can be framed, and no base element can move relative addresses', () => {
  const policy = contentSecurityPolicy(input);
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).toContain("base-uri 'none'");
});

test('eval is allowed in development only', () => {
  expect(contentSecurityPolicy({ ...input, development: true })).toContain("'unsafe-eval'");
});

test('nonces do not repeat and hold 128 bits', () => {
  const nonces = new Set(Array.from({ length: 100 }, newNonce));
  expect(nonces.size).toBe(100);
  expect(Buffer.from(newNonce(), 'base64')).toHaveLength(16);
});

test('a well-formed request id is kept, any other is replaced', () => {
  expect(requestIdOf(new Headers({ 'x-request-id': 'gw-12345678' }))).toBe('gw-12345678');
  for (const forged of ['short', 'a b c d e f g h', 'x'.repeat(65), '"><script>alert(1)']) {
    expect(requestIdOf(new Headers({ 'x-request-id': forged }))).toMatch(/^req_[0-9a-z]{20}$/);
  }
  expect(requestIdOf(new Headers())).toMatch(/^req_/);
});

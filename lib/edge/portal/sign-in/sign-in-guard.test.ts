/** Signing in: its changes come from our own pages, one network cannot start it without end, and it leads nowhere else. */
import { expect, test } from 'vitest';
import { authOptions } from '@/lib/edge/portal/sign-in/auth-options';
import { guardSignIn, signInRule } from '@/lib/edge/portal/sign-in/sign-in-guard';
import { env } from '@/lib/platform/env';

const own = () => new URL(env().PORTAL_URL).origin;

function request(step: string, { method = 'GET', ...headers }: Record<string, string> = {}): Request {
  return new Request(`${own()}/api/auth/${step}`, { method, headers });
}
const start = (forwarded: string) => guardSignIn(request('signin/google', { 'x-forwarded-for': forwarded }));

test('a network that used its allowance is sent back with a reason, another network is not', async () => {
  for (let step = 0; step < signInRule.points; step++) expect(await start(`198.51.100.${step % 250}`)).toBeNull();
  const refused = await start('198.51.100.7');
  expect([refused?.status, refused?.headers.get('location')]).toEqual([303, '/signin?error=TooManySignIns']);
  expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await start('198.51.101.7')).toBeNull();
});

test('a caller cannot leave its network by naming another hop first', async () => {
  for (let step = 0; step < signInRule.points; step++) await start('192.0.2.9');
  expect((await start('8.8.8.8, 192.0.2.9'))?.status).toBe(303);
});

test('a step whose name is written in another way counts too', async () => {
  const written = () => guardSignIn(request('sign%69n/google', { 'x-forwarded-for': '203.0.114.5' }));
  for (let step = 0; step < signInRule.points; step++) await written();
  expect((await written())?.status).toBe(303);
});

test('looking at the session or the providers counts for nothing', async () => {
  for (let step = 0; step <= signInRule.points; step++) {
    expect(await guardSignIn(request('session', { 'x-forwarded-for': '203.0.113.77' }))).toBeNull();
  }
  expect(await start('203.0.113.77')).toBeNull();
});

test.each([[{ origin: 'https://evil.example' }], [{ origin: 'null' }], [{ 'sec-fetch-site': 'cross-site' }], [{}]])(
  'a form of another site cannot start a sign-in or sign anybody out: %j',
  async headers => {
    for (const step of ['signin/google', 'signout', 'callback/google', '_log']) {
      const answer = await guardSignIn(request(step, { method: 'POST', ...headers }));
      expect(answer?.status, step).toBe(403);
    }
  },
);

test('our own form passes', async () => {
  const headers = { method: 'POST', origin: own(), 'sec-fetch-site': 'same-origin' };
  expect(await guardSignIn(request('signin/google', headers))).toBeNull();
});

test.each([
  'https://evil.example/',
  '//evil.example',
  'http://',
  'https://evil.example@127.0.0.1.evil.example/',
  'javascript:alert(1)',
  'data:text/html,x',
  '\\\\evil.example',
  '/\\evil.example',
  ' https://evil.example',
])('after sign-in next-auth does not lead to %s', async url => {
  const target = await authOptions().callbacks?.redirect?.({ url, baseUrl: own() });
  expect(new URL(target ?? '').origin).toBe(own());
});

test.each(['/', '/keys?status=all', '/invitations/abc'])('after sign-in next-auth leads to our own %s', async path => {
  expect(await authOptions().callbacks?.redirect?.({ url: path, baseUrl: own() })).toBe(`${own()}${path}`);
});

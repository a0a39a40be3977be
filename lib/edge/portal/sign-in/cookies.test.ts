/** Cookies of the portal: for this host alone, out of scripts' reach, and never over plain http where there is https. */
import { afterEach, expect, test, vi } from 'vitest';

const load = async (portalUrl: string) => {
  vi.resetModules();
  vi.stubEnv('PORTAL_URL', portalUrl);
  return import('@/lib/edge/portal/sign-in/cookies');
};

afterEach(() => vi.unstubAllEnvs());

test('over https every cookie is bound to this host, secure, and hidden from scripts', async () => {
  const { authCookies, csrfCookieName, csrfCookieOptions, sessionCookieName, sessionCookieOptions } =
    await load('https://portal.example.com');
  const all = [
    ...Object.values(authCookies()),
    { name: sessionCookieName(), options: sessionCookieOptions() },
    { name: csrfCookieName(), options: csrfCookieOptions() },
  ];
  expect(all).toHaveLength(8);
  for (const { name, options } of all) {
    expect(name).toMatch(/^__Host-tenantry\./);
    expect(options).toMatchObject({ httpOnly: true, secure: true, sameSite: 'lax', path: '/' });
    expect(options).not.toHaveProperty('domain');
  }
});

test('over http, as on a developer’s machine, the names carry no promise they cannot keep', async () => {
  const { authCookies } = await load('http://127.0.0.1:3000');
  for (const { name, options } of Object.values(authCookies())) {
    expect(name).toMatch(/^tenantry\./);
    expect(options).toMatchObject({ httpOnly: true, secure: false, sameSite: 'lax', path: '/' });
  }
});

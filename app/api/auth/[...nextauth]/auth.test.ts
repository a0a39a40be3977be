/** The steps of signing in that are open. Next-auth's own `session` would renew the cookie of a session that was ended. */
import { beforeEach, expect, test, vi } from 'vitest';
import { GET, POST } from '@/app/api/auth/[...nextauth]/route';
import { sealedToken, sessionToken } from '@/dev/testing/session-cookie';
import { createWorld } from '@/dev/testing/world';
import { authOptions } from '@/lib/edge/portal/sign-in/auth-options';
import { readSession } from '@/lib/edge/portal/sign-in/session';
import { env } from '@/lib/platform/env';

const reached = vi.hoisted(() => vi.fn(async () => new Response('next-auth')));
// It reads Next's own request, which there is none of here: that a request gets to it is what counts.
vi.mock('next-auth', () => ({ default: () => reached }));
vi.mock('next/headers', () => ({ cookies: async () => ({ get: () => undefined }) }));
beforeEach(() => reached.mockClear());

function send(method: 'GET' | 'POST', path: string): Promise<Response> {
  const headers = { origin: new URL(env().PORTAL_URL).origin, 'content-type': 'application/x-www-form-urlencoded' };
  const request = new Request(`${env().PORTAL_URL}/api/auth/${path}`, { method, headers });
  const nextauth = path.split('/').map(decodeURIComponent);
  return (method === 'GET' ? GET : POST)(request, { params: Promise.resolve({ nextauth }) });
}

test.each([
  ['GET', 'session'],
  ['POST', 'session'],
  ['GET', 'sess%69on'],
  ['POST', '_log'],
  ['GET', 'verify-request'],
  ['GET', 'constructor'],
  ['GET', ''],
] as const)('%s %s is no step of signing in: 404, and next-auth does not see it', async (method, path) => {
  const answer = await send(method, path);
  expect(answer.status).toBe(404);
  expect(await answer.json()).toMatchObject({ code: 'not_found' });
  expect(reached).not.toHaveBeenCalled();
});

test.each([
  ['GET', 'signin'],
  ['POST', 'signin/google'],
  ['GET', 'callback/google'],
  ['GET', 'error'],
  ['GET', 'csrf'],
  ['GET', 'providers'],
  ['POST', 'signout'],
] as const)('%s %s is a step that next-auth answers', async (method, path) => {
  expect(await (await send(method, path)).text()).toBe('next-auth');
});

test('next-auth’s own sign-out ends the session for every copy of its cookie', async () => {
  const world = await createWorld();
  const token = sessionToken(world.members.ADMIN, { customerId: world.customerId });
  const cookie = await sealedToken(token);
  expect(await readSession(cookie)).not.toBeNull();
  await authOptions().events?.signOut?.({ token: { ...token }, session: {} as never });
  expect(await readSession(cookie)).toBeNull();
});

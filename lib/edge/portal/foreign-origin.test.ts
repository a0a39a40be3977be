/** Every change a browser can send to a route is refused when it comes from another site's page; server actions: lib/laws/actions.law.ts. */
import { beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { sealedToken, sessionToken } from '@/dev/testing/session-cookie';
import { createWorld, type World } from '@/dev/testing/world';
import { sessionCookieName } from '@/lib/edge/portal/sign-in/cookies';
import { loadRoutes } from '@/lib/laws/tenancy/modules';
import { env } from '@/lib/platform/env';

/** Takes keys and signatures, never cookies: no browser's session can be used against it. */
const withoutCookies = /^app\/(v1|api\/webhooks|api\/v1)\//;

type Handler = (request: Request, context: { params: Promise<Record<string, unknown>> }) => Promise<Response>;
const jar = vi.hoisted(() => ({ cookie: { name: '', value: '' } }));
// Outside Next there is no request to read cookies of; the handlers' own code stays as it is.
vi.mock('next/headers', () => ({
  cookies: async () => ({ get: (name: string) => (name === jar.cookie.name ? jar.cookie : undefined) }),
  headers: async () => new Headers(),
}));

const changes = (await loadRoutes())
  .filter(({ path }) => !withoutCookies.test(path))
  .flatMap(({ path, handlers }) =>
    Object.entries(handlers)
      .filter(([method]) => method !== 'GET')
      .map(([method, handler]) => ({ name: `${method} ${path}`, method, path, handler: handler as Handler })),
  );

let world: World;
beforeAll(async () => {
  world = await createWorld();
});

// A session of its own for each route: all of them together are more calls than one session may make.
beforeEach(async () => {
  const { userId, email } = world.members.OWNER;
  const token = sessionToken({ userId, email }, { customerId: world.customerId });
  jar.cookie = { name: sessionCookieName(), value: await sealedToken(token) };
});

function send(route: (typeof changes)[number], headers: Record<string, string>): Promise<Response> {
  const names = [...route.path.matchAll(/\[(?:\.\.\.)?(\w+)\]/g)].map(match => match[1] as string);
  const params = Object.fromEntries(names.map(name => [name, name === 'nextauth' ? ['signout'] : 'x']));
  const path = route.path.includes('nextauth') ? '/api/auth/signout' : '/api/x';
  const request = new Request(`${env().PORTAL_URL}${path}`, {
    method: route.method,
    headers: {
      cookie: `${jar.cookie.name}=${jar.cookie.value}`,
      // What another site's form can send without asking us first.
      'content-type': 'application/x-www-form-urlencoded',
      ...headers,
    },
  });
  return route.handler(request, { params: Promise.resolve(params) });
}

test('there are changes to check, next-auth and the session’s own among them', () => {
  const paths = changes.map(route => route.path);
  expect(paths).toContain('app/api/auth/[...nextauth]/route.ts');
  expect(paths).toContain('app/api/session/switch/route.ts');
  expect(changes.length).toBeGreaterThan(8);
});

test.each(changes)('$name refuses another site', async route => {
  const own = new URL(env().PORTAL_URL).origin;
  const foreign: Record<string, string>[] = [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: `${own}.evil.example` },
    { origin: own, 'sec-fetch-site': 'cross-site' },
    { origin: own, 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'none' },
    {},
  ];
  for (const headers of foreign) expect((await send(route, headers)).status, JSON.stringify(headers)).toBe(403);
});

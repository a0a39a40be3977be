/** Walks every route handler below app/: without credentials 401, without the scope 403, a stranger sees and changes nothing. */
import { beforeAll, describe, expect, test } from 'vitest';
import { customerKey } from '@/dev/testing/data-plane';
import { sealedToken, sessionToken } from '@/dev/testing/session-cookie';
import { createWorld, type World } from '@/dev/testing/world';
import type { RouteInfo } from '@/lib/edge/portal/route';
import { sessionCookieName } from '@/lib/edge/portal/sign-in/cookies';
import { besideV1 } from '@/lib/edge/v1/node-server';
import { permissions, type Role, roleHas } from '@/lib/kernel/permissions';
import { loadRoutes } from '@/lib/laws/tenancy/modules';
import { addresses, bodies, bodiesOf, guardedElsewhere, named, refusals } from '@/lib/laws/tenancy/route-samples';
import { createVictim, leaks, stateOf, type Victim } from '@/lib/laws/tenancy/victim';
import { env } from '@/lib/platform/env';

type Handler = ((request: Request, context: { params: Promise<Record<string, string>> }) => Promise<Response>) & {
  info?: RouteInfo;
};
type Walked = { path: string; method: string; handler: Handler; info: RouteInfo };

const modules = await loadRoutes();
const all = modules.flatMap(({ path, handlers }) =>
  Object.entries(handlers).map(([method, handler]) => ({ path, method, handler: handler as Handler })),
);
const walked = all.flatMap(route =>
  route.handler.info ? [{ ...route, info: route.handler.info } satisfies Walked] : [],
);
const addressOf = (route: { path: string }): string => route.path.replace(/^app|\/route\.ts$/g, '');
const parametersOf = (route: { path: string }): string[] =>
  [...route.path.matchAll(/\[(\w+)\]/g)].map(match => match[1] as string);
const routes = walked.map(route => [`${route.method} ${addressOf(route)}`, route] as const);
const withIds = routes.filter(([, route]) => parametersOf(route).length > 0);

/** The victim's ids in the place of the address's parameters; throws for one that names nothing of the victim. */
function idsOf(route: Walked, victim: Victim): Record<string, string> {
  const entries = parametersOf(route).map(name => {
    const id = named[addressOf(route)]?.[name]?.(victim);
    if (!id) throw new Error(`${addressOf(route)}: nothing of the victim is named for [${name}]`);
    return [name, id];
  });
  return Object.fromEntries(entries);
}

/** Calls a handler as Next would; every path parameter is the victim's id of that kind. */
async function call(
  route: Walked,
  victim: Victim,
  headers: Record<string, string>,
): Promise<{ status: number; text: string }> {
  const { name } = route.info;
  const json = route.method === 'GET' ? undefined : (bodiesOf[name]?.(victim) ?? bodies[name]);
  const url = `${env().PORTAL_URL}/api/x${addresses[name] ?? ''}`;
  const init = {
    method: route.method,
    headers: { ...(json ? { 'content-type': 'application/json' } : {}), ...headers },
    body: json ? JSON.stringify(json) : undefined,
  };
  const answer = await route.handler(new Request(url, init), {
    params: Promise.resolve(idsOf(route, victim)),
  });
  return { status: answer.status, text: await answer.text() };
}

async function cookieOf(world: World, role: Role): Promise<Record<string, string>> {
  const { userId, email } = world.members[role];
  const token = sessionToken({ userId, email }, { customerId: world.customerId });
  const value = await sealedToken(token);
  return { cookie: `${sessionCookieName()}=${value}`, origin: new URL(env().PORTAL_URL).origin };
}

describe('portal routes', () => {
  let victim: Victim;
  let stranger: World;
  let strangerKey: string;
  let powerlessKey: string;
  beforeAll(async () => {
    victim = await createVictim();
    stranger = await createWorld({ plan: 'SCALE' });
    strangerKey = (await customerKey(stranger)).text;
    powerlessKey = (await customerKey(stranger, ['quota:read'])).text;
  });

  test('every route is of defineRoute or named with its guard', () => {
    expect(all.filter(route => !route.handler.info && !guardedElsewhere[route.path]).map(route => route.path)).toEqual(
      [],
    );
    expect(walked.length).toBeGreaterThan(4);
  });

  test('what the data plane serves beside /v1 is a route of the portal whose guard is named', () => {
    const guards = Object.keys(besideV1).map(path => guardedElsewhere[`app${path}/route.ts`]);
    expect(guards).toEqual(Array(3).fill(expect.stringContaining('on both planes')));
  });

  test('every guard, body, address and refusal named here is of a route that there is', () => {
    const known = (names: string[]) => (name: string) => !names.includes(name);
    const names = walked.map(route => route.info.name);
    expect(Object.keys(guardedElsewhere).filter(known(all.map(route => route.path)))).toEqual([]);
    expect(Object.keys(named).filter(known(withIds.map(([, route]) => addressOf(route))))).toEqual([]);
    expect([bodies, addresses, refusals].flatMap(Object.keys).filter(known(names))).toEqual([]);
  });

  test.each(routes)('%s answers 401 to nobody, to a forged cookie and to a wrong key', async (_, route) => {
    const forged = { cookie: `${sessionCookieName()}=forged` };
    const callers: Record<string, string>[] = [{}, forged, { authorization: 'Bearer ty_live_nothing' }];
    for (const headers of callers) {
      expect((await call(route, victim, headers)).status).toBe(401);
    }
  });

  test.each(routes)('%s answers 403 to a key without the scope', async (_, route) => {
    if (route.info.permission === 'quota:read') return expect(permissions['quota:read'].scope).toBe('customer');
    expect((await call(route, victim, { authorization: `Bearer ${powerlessKey}` })).status).toBe(403);
  });

  test.each(routes)('%s answers 403 to a viewer whose role lacks the permission', async (_, route) => {
    const { status } = await call(route, victim, await cookieOf(stranger, 'VIEWER'));
    if (roleHas('VIEWER', route.info.permission)) expect(status).toBeLessThan(500);
    else expect(status).toBe(403);
  });

  test.each(routes)('%s shows a stranger’s owner and key nothing of the victim', async (_, route) => {
    const callers: Record<string, string>[] = [
      await cookieOf(stranger, 'OWNER'),
      { authorization: `Bearer ${strangerKey}` },
    ];
    const before = await stateOf(victim);
    for (const headers of callers) {
      const { status, text } = await call(route, victim, headers);
      const noScope = headers.authorization && permissions[route.info.permission].scope === 'none';
      if (noScope) expect(status).toBe(403);
      else if (route.path.includes('[')) expect(status).toBe(404);
      else if (refusals[route.info.name]) expect(status).toBe(refusals[route.info.name]);
      else expect(status).toBeLessThan(300);
      const sent = Object.values(idsOf(route, victim));
      expect(leaks(victim, text).filter(mark => !sent.includes(mark))).toEqual([]);
    }
    expect(await stateOf(victim)).toBe(before);
  });

  // Without this, an id of the wrong kind would be not found by anybody, and the walk above would prove nothing.
  test.concurrent.each(withIds)('%s finds what its address names for the victim’s own owner', async (_, route) => {
    const own = await createVictim({ mirrored: false });
    const { status } = await call(route, own, await cookieOf(own.world, 'OWNER'));
    expect([200, 201, 204, 409]).toContain(status);
  });

  test.each(routes.filter(([, route]) => route.method !== 'GET'))(
    '%s refuses a change from another origin',
    async (_, route) => {
      const headers = { ...(await cookieOf(victim.world, 'OWNER')), origin: 'https://evil.example' };
      expect((await call(route, victim, headers)).status).toBe(403);
    },
  );

  test.each(routes)('%s refuses a session whose page was of another organization', async (_, route) => {
    const headers = { ...(await cookieOf(stranger, 'OWNER')), 'x-customer-id': victim.world.customerId };
    expect((await call(route, victim, headers)).status).toBe(409);
  });
});

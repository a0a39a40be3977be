/** Walks every route handler below app/: without credentials 401, without the scope 403, a stranger sees and changes nothing. */
import { encode } from 'next-auth/jwt';
import { beforeAll, describe, expect, test } from 'vitest';
import { sessionCookieName } from '@/lib/edge/cookies';
import type { RouteInfo } from '@/lib/edge/route';
import { permissions, type Role, roleHas } from '@/lib/kernel/permissions';
import { loadRoutes } from '@/lib/laws/tenancy/modules';
import { createVictim, leaks, type Victim } from '@/lib/laws/tenancy/victim';
import { env } from '@/lib/platform/env';
import { customerKey } from '@/lib/testing/data-plane';
import { createWorld, type World } from '@/lib/testing/world';

/** Handlers that are not of defineRoute, and who guards them. A route that is neither fails the walk. */
const guardedElsewhere: Record<string, string> = {
  'app/api/auth/[...nextauth]/route.ts': 'next-auth: signs in and out, knows no customer',
  'app/api/session/switch/route.ts': 'checks Origin and membership; tested in session.test.ts',
  'app/api/session/sign-out/route.ts': 'checks Origin; ends the session of its own cookie',
  'app/api/session/theme/route.ts': 'checks Origin; only sets the theme cookie',
  'app/api/support/billing/route.ts': 'of defineStaffDownload: 404 for all but staff; tested beside it',
  'app/api/health/route.ts': 'public: says which part is up',
  'app/metrics/route.ts': 'bearer token or loopback',
  'app/api/webhooks/stripe/route.ts': 'Stripe’s signature over the body; tested in lib/edge/webhook.test.ts',
  'app/v1/[[...path]]/route.ts': 'the data plane; walked in lib/edge/v1/calls.test.ts',
};

/** A sound body of each route that takes one; a route with a body that is not here answers 400 and fails the walk. */
const bodies: Record<string, object> = {
  'notification.set_preferences': { mail: [] },
  'team.invite': { emails: ['guest@example.com'], role: 'VIEWER' },
  'team.change_role': { role: 'ADMIN' },
  'api_key.create': { name: 'mine', scopes: ['runs:read'] },
  'api_key.rename': { name: 'stolen' },
  'organization.update': { company_name: 'Mine' },
  'api_key.rotate': { grace_seconds: 0 },
  'subscription.start_checkout': { plan: 'SCALE' },
  'subscription.open_portal': {},
  'subscription.change_plan': { plan: 'STARTER' },
};

/** Reads that need more than a body, as they stand in the address. */
const addresses: Record<string, string> = { 'subscription.preview': '?plan=STARTER' };

/** Routes that answer a trial without a subscription by a refusal of their own. */
const refusals: Record<string, number> = {
  'subscription.change_plan': 409,
  'subscription.keep_plan': 409,
  'subscription.preview': 409,
};

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
const named = walked.map(route => [`${route.method} ${route.path.replace(/^app|\/route\.ts$/g, '')}`, route] as const);

/** Calls a handler as Next would; every path parameter is the victim's key id. */
async function call(
  route: Walked,
  victim: Victim,
  headers: Record<string, string>,
): Promise<{ status: number; text: string }> {
  const parameters = [...route.path.matchAll(/\[(\w+)\]/g)].map(match => [match[1] as string, victim.keyId]);
  const json = route.method === 'GET' ? undefined : bodies[route.info.name];
  const url = `${env().PORTAL_URL}/api/x${addresses[route.info.name] ?? ''}`;
  const init = {
    method: route.method,
    headers: { ...(json ? { 'content-type': 'application/json' } : {}), ...headers },
    body: json ? JSON.stringify(json) : undefined,
  };
  const answer = await route.handler(new Request(url, init), {
    params: Promise.resolve(Object.fromEntries(parameters)),
  });
  return { status: answer.status, text: await answer.text() };
}

async function cookieOf(world: World, role: Role): Promise<Record<string, string>> {
  const { userId, email } = world.members[role];
  const token = { userId, email, hostedDomain: null, customerId: world.customerId, sessionVersion: 1 };
  const value = await encode({ token, secret: env().NEXTAUTH_SECRET });
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

  test.each(named)('%s answers 401 to nobody, to a forged cookie and to a wrong key', async (_, route) => {
    const forged = { cookie: `${sessionCookieName()}=forged` };
    const callers: Record<string, string>[] = [{}, forged, { authorization: 'Bearer ty_live_nothing' }];
    for (const headers of callers) {
      expect((await call(route, victim, headers)).status).toBe(401);
    }
  });

  test.each(named)('%s answers 403 to a key without the scope', async (_, route) => {
    if (route.info.permission === 'quota:read') return expect(permissions['quota:read'].scope).toBe('customer');
    expect((await call(route, victim, { authorization: `Bearer ${powerlessKey}` })).status).toBe(403);
  });

  test.each(named)('%s answers 403 to a viewer whose role lacks the permission', async (_, route) => {
    const { status } = await call(route, victim, await cookieOf(stranger, 'VIEWER'));
    if (roleHas('VIEWER', route.info.permission)) expect(status).toBeLessThan(500);
    else expect(status).toBe(403);
  });

  test.each(named)('%s shows a stranger’s owner and key nothing of the victim', async (_, route) => {
    const callers: Record<string, string>[] = [
      await cookieOf(stranger, 'OWNER'),
      { authorization: `Bearer ${strangerKey}` },
    ];
    for (const headers of callers) {
      const { status, text } = await call(route, victim, headers);
      const noScope = headers.authorization && permissions[route.info.permission].scope === 'none';
      if (noScope) expect(status).toBe(403);
      else if (route.path.includes('[')) expect(status).toBe(404);
      else if (refusals[route.info.name]) expect(status).toBe(refusals[route.info.name]);
      else expect(status).toBeLessThan(300);
      expect(leaks(victim, text).filter(mark => mark !== victim.keyId)).toEqual([]);
    }
  });

  test.each(named.filter(([, route]) => route.method !== 'GET'))(
    '%s refuses a change from another origin',
    async (_, route) => {
      const headers = { ...(await cookieOf(victim.world, 'OWNER')), origin: 'https://evil.example' };
      expect((await call(route, victim, headers)).status).toBe(403);
    },
  );

  test.each(named)('%s refuses a session whose page was of another organization', async (_, route) => {
    const headers = { ...(await cookieOf(stranger, 'OWNER')), 'x-customer-id': victim.world.customerId };
    expect((await call(route, victim, headers)).status).toBe(409);
  });
});

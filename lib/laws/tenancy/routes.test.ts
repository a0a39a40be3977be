/** Walks every route handler below app/: without credentials 401, without the scope 403, a stranger sees and changes nothing. */
import { beforeAll, describe, expect, test } from 'vitest';
import { secretOf } from '@/dev/testing/credentials/secrets';
import { customerKey } from '@/dev/testing/data-plane';
import { sealedToken, sessionToken } from '@/dev/testing/session-cookie';
import { createWorld, type World } from '@/dev/testing/world';
import type { RouteInfo } from '@/lib/edge/portal/route';
import { sessionCookieName } from '@/lib/edge/portal/sign-in/cookies';
import { besideV1 } from '@/lib/edge/v1/node-server';
import { permissions, type Role, roleHas } from '@/lib/kernel/permissions';
import { loadRoutes } from '@/lib/laws/tenancy/modules';
import { createVictim, leaks, stateOf, type Victim } from '@/lib/laws/tenancy/victim';
import { env } from '@/lib/platform/env';
import { newUuid, randomText } from '@/lib/platform/ids';

/** Handlers that are not of defineRoute, and who guards them. A route that is neither fails the walk. */
const guardedElsewhere: Record<string, string> = {
  'app/api/auth/[...nextauth]/route.ts': 'next-auth: signs in and out, knows no customer',
  'app/api/session/switch/route.ts': 'checks Origin and membership; tested in session.test.ts',
  'app/api/session/sign-out/route.ts': 'checks Origin; ends the session of its own cookie',
  'app/api/support/billing/route.ts': 'of defineStaffDownload: 404 for all but staff; tested beside it',
  'app/api/support/refusals/route.ts': 'of defineStaffDownload: 404 for all but staff; tested beside it',
  'app/api/health/route.ts': 'public: says which part is up',
  'app/metrics/route.ts': 'bearer token or loopback',
  'app/api/webhooks/stripe/route.ts':
    'Stripe’s signature over the body; tested on both planes in lib/edge/http/webhook.test.ts',
  'app/api/webhooks/github/[id]/route.ts':
    'the signature of the repository’s own secret; tested on both planes in lib/edge/http/github-webhook.test.ts',
  'app/v1/[[...path]]/route.ts': 'the data plane; walked in lib/edge/v1/calls.test.ts',
};

/** A sound body of each route that takes one; a route with a body that is not here answers 400 and fails the walk. */
const bodies: Record<string, object> = {
  'notification.set_preferences': { mail: [] },
  'team.invite': { emails: [`guest-${randomText(8)}@example.com`], role: 'VIEWER' },
  'team.change_role': { role: 'ADMIN' },
  'api_key.create': { name: 'mine', scopes: ['runs:read'] },
  'api_key.rename': { name: 'stolen' },
  'credential.create': {
    get name() {
      return `mine ${randomText(8)}`;
    },
    secret: secretOf.openai_api_key(),
  },
  'credential.edit': { name: 'stolen' },
  'credential.rotate': { secret: secretOf.openai_api_key() },
  'organization.update': { company_name: 'Mine' },
  'api_key.rotate': { grace_seconds: 0 },
  // Two configs of a customer never have one name, and the walk calls more than once.
  get 'provider_config.create'() {
    return { name: `mine-${randomText(8)}`, provider: 'GCP', domain: 'COST', is_active: false };
  },
  'provider_config.edit': { name: 'stolen' },
  'provider_config.duplicate': { name: 'stolen' },
  'provider_config.run': {},
  'credential.test': {},
  'credential.test_secret': { secret: { kind: 'openai_api_key', api_key: `sk-${randomText(30)}` } },
  get 'event_source.create'() {
    return { name: `mine-${randomText(8)}` };
  },
  'model_price.reprice': { days: 7 },
  'identity.confirm': { developer_id: 'dev', login: 'octo' },
  'identity.import': { csv: 'developer_id,login\ndev,octo' },
  'trace_retention.set': { keep_days: 365 },
  get 'model_price.set'() {
    return { model: `mine-${randomText(8)}`, input_usd: 1, output_usd: 2 };
  },
  get 'ai_budget.create'() {
    return { scope: 'model', subject: `mine-${randomText(8)}`, amount_usd: 10 };
  },
  'ai_budget.edit': { amount_usd: 1 },
  'event_source.edit': { name: 'stolen' },
  'event_source.rotate_key': { overlap_seconds: 0 },
  'run.cancel': { pipeline_logging_ids: [newUuid()] },
  'run.again': { pipeline_logging_ids: [newUuid()], idempotency_key: randomText(12) },
  'subscription.start_checkout': { plan: 'SCALE' },
  'subscription.open_portal': {},
  'subscription.change_plan': { plan: 'STARTER' },
};

/** Those that name something of the victim in their body. */
const bodiesOf: Record<string, (victim: Victim) => object> = {
  'dead_row.replay': victim => ({ dead_row_ids: [victim.deadRowId] }),
  'identity.reject': victim => ({ developer_id: victim.developerId }),
  'trace_dead_row.replay': victim => ({ dead_row_ids: [victim.traceDeadRowId] }),
  'repository.connect': victim => ({ repo: 'acme/mine', credential_id: victim.githubCredentialId }),
  'repository.edit': victim => ({ credential_id: victim.githubCredentialId }),
};

const key = (victim: Victim) => victim.keyId;
const config = (victim: Victim) => victim.configId;
const credential = (victim: Victim) => victim.credentialId;
const source = (victim: Victim) => victim.sourceId;
const traceImport = (victim: Victim) => String(victim.importId);
const repository = (victim: Victim) => victim.repositoryId;
const member = (victim: Victim) => victim.world.members.VIEWER.memberId;
const pullRequest = (victim: Victim) => String(victim.pullRequestId);
const invitation = (victim: Victim) => victim.invitationId;

/** What of the victim the parameters of an address name; a route with a parameter that is not here fails the walk. */
const named: Record<string, Record<string, (victim: Victim) => string>> = {
  '/api/keys/[id]': { id: key },
  '/api/keys/[id]/rotate': { id: key },
  '/api/keys/[id]/end-grace': { id: key },
  '/api/providers/[id]': { id: config },
  '/api/providers/[id]/duplicate': { id: config },
  '/api/providers/[id]/enable': { id: config },
  '/api/providers/[id]/disable': { id: config },
  '/api/credentials/[id]/test': { id: credential },
  '/api/providers/[id]/slack-test': { id: config },
  '/api/providers/[id]/run': { id: config },
  '/api/credentials/[id]': { id: credential },
  '/api/credentials/[id]/rotate': { id: credential },
  '/api/credentials/[id]/end-overlap': { id: credential },
  '/api/sources/[id]': { id: source },
  '/api/sources/[id]/rotate-key': { id: source },
  '/api/sources/[id]/arrivals': { id: source },
  '/api/sources/[id]/events': { id: source },
  '/api/sources/[id]/tables': { id: source },
  '/api/sources/[id]/tables/[table]': { id: source, table: victim => victim.eventTable },
  '/api/sources/[id]/changes': { id: source },
  '/api/sources/[id]/discards': { id: source },
  '/api/sources/[id]/discards/[discard]/allow': { id: source, discard: victim => victim.discardId },
  '/api/sources/[id]/discards/[discard]/replay': { id: source, discard: victim => victim.discardId },
  '/api/sources/[id]/dead-rows': { id: source },
  '/api/sources/[id]/dead-rows/replay': { id: source },
  '/api/sources/[id]/keys/[key]': { id: source, key: victim => victim.writeKey },
  '/api/traces/budgets/[id]': { id: victim => victim.budgetId },
  '/api/traces/prices/[id]': { id: victim => victim.priceId },
  '/api/traces/imports/[id]': { id: traceImport },
  '/api/traces/imports/[id]/dead-letters': { id: traceImport },
  '/api/pull-requests/repositories/[id]': { id: repository },
  '/api/pull-requests/repositories/[id]/sync': { id: repository },
  '/api/pull-requests/repositories/[id]/webhook-secret': { id: repository },
  '/api/pull-requests/[id]': { id: pullRequest },
  '/api/pull-requests/[id]/sessions': { id: pullRequest },
  '/api/runs/[id]': { id: victim => victim.runningId },
  '/api/team/[id]': { id: member },
  '/api/team/[id]/resend': { id: invitation },
  '/api/team/invitations/[id]': { id: invitation },
};

/** Reads that need more than a body, as they stand in the address. */
const addresses: Record<string, string> = {
  'subscription.preview': '?plan=STARTER',
  'ai_session.list_requests': '?id=session',
  'identity.remove': '?developer_id=nobody',
  'event.count_arrivals': `?since=${new Date().toISOString()}`,
};

/** Routes that answer a trial without a subscription, or ids of nobody, by a refusal of their own. */
const refusals: Record<string, number> = {
  'run.cancel': 404,
  'run.again': 404,
  'trace_dead_row.replay': 404,
  'repository.connect': 404,
  'identity.reject': 404,
  'identity.remove': 404,
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
    expect(guards).toEqual([expect.stringContaining('on both planes'), expect.stringContaining('on both planes')]);
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

/** Every call of the data plane against every way it can be refused, on both servers. */
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { storedCredential } from '@/dev/testing/credentials/secrets';
import {
  caller,
  customerKey,
  type Received,
  type Sent,
  serviceKey,
  type TestKey,
  transports,
} from '@/dev/testing/data-plane';
import { runOfCalls, type Scene, type Subject, subjects } from '@/dev/testing/data-plane-calls';
import { processedEvent } from '@/dev/testing/events/processed';
import { insertConfig } from '@/dev/testing/providers/configs';
import { insertPendingRuns } from '@/dev/testing/runs';
import { createWorld, type World } from '@/dev/testing/world';
import { customers } from '@/lib/domains/customers/tables';
import { revokeKey } from '@/lib/domains/keys/commands';
import { apiKeys } from '@/lib/domains/keys/tables';
import { applyLimits } from '@/lib/domains/quotas/counters';
import type { V1Route } from '@/lib/edge/v1/define-route';
import { errorsOf } from '@/lib/edge/v1/openapi-document';
import { routes } from '@/lib/edge/v1/routes';
import { problemSchema } from '@/lib/edge/v1/routes/run-schemas';
import { serviceScopes } from '@/lib/kernel/permissions';
import { db } from '@/lib/platform/db';

const withKey = routes.filter(route => route.who !== 'public');
const withBody = routes.filter(route => route.body);
const forCustomers = withKey.filter(route => route.who !== 'service');
const named = (list: readonly V1Route[]) => list.map(route => [`${route.method} ${route.path}`, route] as const);
const subjectOf = (route: V1Route): Subject => subjects[route.operationId] as Subject;

async function openWorld(): Promise<World> {
  const world = await createWorld();
  await applyLimits(db(), world.customerId, { dailyLimit: 10_000, concurrentLimit: 10_000, apiCallsMonthLimit: null });
  return world;
}

async function createScene(): Promise<
  Omit<Scene, 'runId' | 'configId' | 'messageId' | Extract<keyof Scene, `foreign${string}`>>
> {
  const [world, suspended] = [await openWorld(), await openWorld()];
  const [key, revoked, expired] = [await customerKey(world), await customerKey(world), await customerKey(world)];
  await revokeKey(world.system, { api_key_id: revoked.id });
  await db()
    .update(apiKeys)
    .set({ expiresAt: sql`clock_timestamp() - interval '1 second'` })
    .where(eq(apiKeys.apiKeyId, expired.id));
  const suspendedKey = await customerKey(suspended);
  await db().update(customers).set({ status: 'SUSPENDED' }).where(eq(customers.customerId, suspended.customerId));
  const service = await serviceKey();
  const narrowService = await serviceKey(['team:read']);
  const { id: credentialId } = await storedCredential(world);
  return { world, credentialId, suspended, key, revoked, expired, suspendedKey, service, narrowService };
}

test('every route has a subject here', () => {
  expect(routes.map(route => route.operationId).filter(id => !subjects[id])).toEqual([]);
});

describe.each(transports)('over $name', transport => {
  let call: ReturnType<typeof caller>;
  let close: () => Promise<void>;
  let scene: Scene;

  const good = (route: V1Route, more: Sent = {}): Promise<Received> => {
    const { path, body } = subjectOf(route);
    const key = route.who === 'service' ? scene.service.text : scene.key.text;
    const auth = route.who === 'public' ? {} : { key };
    return call(path(scene), { method: route.method, ...auth, ...(body ? { json: body(scene) } : {}), ...more });
  };

  const expectProblem = (answer: Received, status: number, code: string): void => {
    expect([answer.status, answer.json.code]).toEqual([status, code]);
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(problemSchema.parse(answer.json).request_id).toBe(answer.headers.get('x-request-id'));
  };

  beforeAll(async () => {
    const opened = await transport.open();
    call = caller(opened.send);
    close = opened.close;
    const made = await createScene();
    const other = await openWorld();
    const foreignKey = await customerKey(other);
    const { id: foreignCredentialId } = await storedCredential(other);
    const { configId } = await insertConfig(made.world);
    const { configId: foreignConfigId } = await insertConfig(other);
    const start = async (key: TestKey) =>
      String((await call('/v1/runs', { method: 'POST', key: key.text, json: runOfCalls })).json.pipeline_logging_id);
    await insertPendingRuns(made.world, 1);
    const [runId, foreignRunId] = [await start(made.key), await start(foreignKey)];
    const [messageId, foreignMessageId] = [await processedEvent(made.world), await processedEvent(other)];
    const others = { foreignCredentialId, foreignRunId, foreignConfigId, foreignMessageId };
    scene = { ...made, ...others, runId, configId, messageId };
  });
  afterAll(() => close());

  test.each(named(routes))('%s answers a good call as documented', async (_, route) => {
    const answer = await good(route);
    expect([answer.status, answer.text.slice(0, 200)]).toEqual([route.success.status, answer.text.slice(0, 200)]);
    expect(route.success.schema.safeParse(answer.json).error).toBeUndefined();
    expect(answer.headers.get('x-request-id')).toMatch(/^[\w.-]{8,80}$/);
  });

  test.each(named(withKey))('%s asks for a key', async (_, route) => {
    const answer = await good(route, { key: undefined });
    expectProblem(answer, 401, 'unauthenticated');
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="tenantry"');
  });

  const badKeys: [what: string, code: string, text: (scene: Scene) => string][] = [
    ['a malformed key', 'invalid_key', () => 'ty_live_nonsense'],
    ['a key that was never made', 'invalid_key', scene => scene.key.text.replace('ty_live_', 'ty_live_x')],
    ['a revoked key', 'key_disabled', scene => scene.revoked.text],
    ['an expired key', 'key_expired', scene => scene.expired.text],
  ];
  describe.each(badKeys)('%s', (_what, code, text) => {
    test.each(named(withKey))('is refused by %s', async (_, route) => {
      const answer = await good(route, { key: text(scene) });
      expectProblem(answer, 401, code);
      expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"');
    });
  });

  test.each(named(forCustomers))('%s refuses a suspended customer', async (_, route) => {
    expectProblem(await good(route, { key: scene.suspendedKey.text }), 403, 'customer_suspended');
  });

  test.each(named(withKey))('%s refuses a key without its scope', async (_, route) => {
    const others = ['keys:read', 'team:read'] as const;
    const narrow = route.who === 'service' ? scene.narrowService : await customerKey(scene.world, [...others]);
    const answer = await good(route, { key: narrow.text });
    expectProblem(answer, 403, 'insufficient_scope');
    expect(answer.json.required_scope).toBe(route.permission);
  });

  test.each(named(withKey.filter(route => route.who === 'service')))('%s is for service keys', async (_, route) => {
    expectProblem(await good(route, { key: scene.key.text }), 403, 'forbidden');
  });

  test.each(named(withKey.filter(route => subjectOf(route).foreign)))(
    '%s finds nothing of others',
    async (_, route) => {
      const { foreign, body } = subjectOf(route);
      const sent = { method: route.method, key: scene.key.text, ...(body ? { json: body(scene) } : {}) };
      for (const path of [
        foreign?.(scene) ?? '',
        (foreign?.(scene) ?? '').replace(/(run|provider-config|credential|event)s\/[^/]+/, '$1s/nonsense'),
      ]) {
        const answer = await call(path, sent);
        expectProblem(answer, 404, 'not_found');
        expect(answer.text).not.toContain('daily_costs');
      }
    },
  );

  test.each(named(withBody))('%s refuses what is no JSON', async (_, route) => {
    const path = subjectOf(route).path(scene);
    const key = route.who === 'service' ? scene.service.text : scene.key.text;
    const send = (body: BodyInit, type: string | null = 'application/json', more: Record<string, string> = {}) =>
      call(path, { method: route.method, key, body, headers: { ...(type ? { 'content-type': type } : {}), ...more } });
    expectProblem(await send('{"a":'), 400, 'invalid_json');
    expectProblem(await send(new Uint8Array([0x22, 0xff, 0xfe, 0x22])), 400, 'invalid_json');
    expectProblem(await send('a=1', 'application/x-www-form-urlencoded'), 415, 'unsupported_media_type');
    expectProblem(await send('{}', 'application/json; charset=latin1'), 415, 'unsupported_media_type');
    expectProblem(await send('{}', 'application/json', { 'content-encoding': 'gzip' }), 415, 'unsupported_media_type');
    expectProblem(await send('[]'), 400, 'invalid_input');
    expectProblem(await send('null'), 400, 'invalid_input');
    expectProblem(await send(`${'['.repeat(200_000)}${']'.repeat(200_000)}`), 400, 'invalid_input');
  });

  test.each(named(withBody))('%s refuses a body over 1 MB, announced or streamed', async (_, route) => {
    const path = subjectOf(route).path(scene);
    const key = route.who === 'service' ? scene.service.text : scene.key.text;
    const sent = { method: route.method, key, headers: { 'content-type': 'application/json' } };
    const announced = await call(path, { ...sent, body: `{"a":"${'x'.repeat(1_048_576)}"}` });
    expectProblem(announced, 413, 'body_too_large');
    const piece = new TextEncoder().encode('x'.repeat(64 * 1024));
    let pieces = 0;
    const stream = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (pieces++ < 20) controller.enqueue(piece);
        else controller.close();
      },
    });
    expectProblem(await call(path, { ...sent, body: stream }), 413, 'body_too_large');
  });

  test.each(named(withBody))('%s names a field it does not know', async (_, route) => {
    const answer = await good(route, { json: { ...subjectOf(route).body?.(scene), nonsense: 1 } });
    expectProblem(answer, 400, 'invalid_input');
    expect(answer.json.errors).toEqual([{ path: 'nonsense', message: 'This field is not known.' }]);
  });

  test.each(named(routes))('%s refuses query parameters it does not know, and those given twice', async (_, route) => {
    const { path, body } = subjectOf(route);
    const key = route.who === 'service' ? scene.service.text : scene.key.text;
    const sent = { method: route.method, key, ...(body ? { json: body(scene) } : {}) };
    const unknown = await call(`${path(scene)}?nonsense=1`, sent);
    expectProblem(unknown, 400, 'invalid_input');
    expect(unknown.json.errors).toMatchObject([{ path: 'nonsense' }]);
    expectProblem(await call(`${path(scene)}?nonsense=1&nonsense=2`, sent), 400, 'invalid_input');
    expectProblem(await call(`${path(scene)}?__proto__=1&a=%00`, sent), 400, 'invalid_input');
  });

  test.each(named(withKey))('%s holds a STANDARD key to its rate', async (_, route) => {
    const scopes = route.who === 'service' ? [...serviceScopes] : undefined;
    const slow = scopes ? await serviceKey(scopes, 'STANDARD') : await customerKey(scene.world, undefined, 'STANDARD');
    const answers = await Promise.all(Array.from({ length: 25 }, () => good(route, { key: slow.text })));
    const refused = answers.filter(answer => answer.status === 429);
    expect(refused.length).toBeGreaterThanOrEqual(1);
    for (const answer of refused) {
      expectProblem(answer, 429, 'rate_limited');
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
      expect(answer.headers.get('ratelimit-remaining')).toBe('0');
    }
    expect(answers.every(answer => answer.headers.get('ratelimit-limit') === '20')).toBe(true);
  });

  test.each(named(routes))('%s answers another method with 405 and those it knows', async (_, route) => {
    const answer = await call(subjectOf(route).path(scene), { method: 'DELETE', key: scene.key.text });
    expectProblem(answer, 405, 'method_not_allowed');
    expect(answer.headers.get('allow')?.split(', ')).toContain(route.method);
  });

  test.each(['/v1', '/v1/', '/v1/nonsense', '/v1/runs/', '/v1/runs/a/b/c', '/v1/%E0%A4%A', '/v1/runs%2f'])(
    '%s is not found',
    async path => expectProblem(await call(path, { key: scene.key.text }), 404, 'not_found'),
  );

  test('a sane request id of the caller is kept, another one replaced', async () => {
    const ask = async (id: string) =>
      (await call('/v1/quota', { key: scene.key.text, headers: { 'x-request-id': id } })).headers.get('x-request-id');
    expect(await ask('trace-0001.a_b')).toBe('trace-0001.a_b');
    expect(await ask('x'.repeat(200))).not.toContain('xxx');
    expect(await ask('a b<script>')).not.toContain('script');
  });

  test('HEAD answers as GET without a body', async () => {
    const answer = await call('/v1/quota', { method: 'HEAD', key: scene.key.text });
    expect([answer.status, answer.text]).toEqual([200, '']);
  });
});

test.each(named(routes))('%s documents every refusal these tests have seen of it', (_, route) => {
  const documented = errorsOf(route);
  if (route.who !== 'public') expect(documented).toContain('rate_limited');
  if (route.body) expect(documented).toContain('body_too_large');
  expect(new Set(documented).size).toBe(documented.length);
});

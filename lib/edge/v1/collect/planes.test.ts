/** Every address that takes events, on both planes, against every way its sender can be refused; what is taken is in the log. */
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { caller, type Sent, transports } from '@/dev/testing/data-plane';
import { insertSource, type TestSource } from '@/dev/testing/events/sources';
import { keptEntries } from '@/dev/testing/ingest/kept-entries';
import { createWorld, type World } from '@/dev/testing/world';
import type { CustomerStatus } from '@/lib/domains/customers/rules';
import { customers } from '@/lib/domains/customers/tables';
import { eventLimits, eventWriteKeys } from '@/lib/domains/events/tables';
import { collectPaths } from '@/lib/edge/v1/collect/paths';
import { collectRoutes } from '@/lib/edge/v1/collect/routes';
import { errorsOf } from '@/lib/edge/v1/openapi-document';
import { problemSchema } from '@/lib/edge/v1/routes/run-schemas';
import { db } from '@/lib/platform/db';
import { newUuid } from '@/lib/platform/ids';

const paths = [...collectPaths];
const documented = errorsOf(
  collectRoutes.find(({ operationId }) => operationId === 'trackCall') as (typeof collectRoutes)[0],
);

/** What each kind of call asks for, all at once. */
const fields = { userId: 'u', event: 'Signed up', groupId: 'g', previousId: 'p' };
const bodyFor = (kind: string, messageId = newUuid()) =>
  kind === 'batch' ? { batch: [{ type: 'page', ...fields, messageId }] } : { ...fields, messageId };

type Scene = {
  world: World;
  source: TestSource;
  off: TestSource;
  gone: TestSource;
  revoked: TestSource;
  expired: TestSource;
  suspended: TestSource;
  ended: TestSource;
  listed: TestSource;
  used: TestSource;
};

async function createScene(): Promise<Scene> {
  const [world, second, third] = [await createWorld(), await createWorld(), await createWorld()];
  const fourth = await createWorld();
  await db()
    .insert(eventLimits)
    .values({ customerId: fourth.customerId, maxEventsPerMonth: 0, updatedBy: 'test', updatedAt: new Date() });
  const become = ({ customerId }: World, status: CustomerStatus) =>
    db().update(customers).set({ status }).where(eq(customers.customerId, customerId));
  await become(second, 'SUSPENDED');
  await become(third, 'CANCELLED');
  const [revoked, expired] = [await insertSource(world), await insertSource(world)];
  const past = new Date(Date.now() - 1_000);
  const change = (source: TestSource, values: object) =>
    db().update(eventWriteKeys).set(values).where(eq(eventWriteKeys.writeKey, source.writeKey));
  await change(revoked, { revokedAt: past });
  await change(expired, { expiresAt: past });
  return {
    world,
    source: await insertSource(world),
    off: await insertSource(world, { isEnabled: false }),
    gone: await insertSource(world, { deletedAt: past }),
    revoked,
    expired,
    suspended: await insertSource(second),
    ended: await insertSource(third),
    used: await insertSource(fourth),
    listed: await insertSource(world, { allowedOrigins: ['https://shop.example'] }),
  };
}

const kept = async ({ sourceId }: TestSource): Promise<string[]> =>
  (await keptEntries('events', sourceId)).map(({ body }) => body);

describe.each(transports)('over $name', transport => {
  let call: ReturnType<typeof caller>;
  let close: () => Promise<void>;
  let scene: Scene;
  beforeAll(async () => {
    const opened = await transport.open();
    call = caller(opened.send);
    close = opened.close;
    scene = await createScene();
  });
  afterAll(() => close());

  const send = (path: string, kind: string, writeKey: string | null, more: Sent = {}) => {
    const basic: Record<string, string> = writeKey === null ? {} : { authorization: `Basic ${btoa(`${writeKey}:`)}` };
    return call(path, { method: 'POST', json: bodyFor(kind), ...more, headers: { ...basic, ...more.headers } });
  };

  test.each(paths)('%s: 200, and what was sent is in the log', async (path, kind) => {
    const source = await insertSource(scene.world);
    const body = bodyFor(kind);
    const answer = await send(path, kind, source.writeKey, { json: body });
    expect([answer.status, answer.json]).toEqual([200, { success: true }]);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(await kept(source)).toEqual([JSON.stringify(body)]);
  });

  const refusals: [who: string, status: number, code: string, key: (scene: Scene) => string | null][] = [
    ['without a key', 401, 'unauthenticated', () => null],
    ['with a key of nobody', 401, 'invalid_key', ({ source }) => source.writeKey.replace(/.$/, '')],
    ['with a key that was revoked', 401, 'invalid_key', ({ revoked }) => revoked.writeKey],
    ['with a key past its overlap', 401, 'invalid_key', ({ expired }) => expired.writeKey],
    ['of a source that was deleted', 401, 'invalid_key', ({ gone }) => gone.writeKey],
    ['of a source that is off', 403, 'source_disabled', ({ off }) => off.writeKey],
    ['of a suspended organization', 403, 'customer_suspended', ({ suspended }) => suspended.writeKey],
    ['of an organization whose month is used up', 429, 'usage_exceeded', ({ used }) => used.writeKey],
    ['of an organization without a plan', 403, 'subscription_inactive', ({ ended }) => ended.writeKey],
  ];
  describe.each(refusals)('%s: %i', (_who, status, code, key) => {
    test.each(paths)('%s', async (path, kind) => {
      const answer = await send(path, kind, key(scene));
      expect([answer.status, answer.json.code]).toEqual([status, code]);
      expect(problemSchema.parse(answer.json).request_id).toBe(answer.headers.get('x-request-id'));
      expect(documented).toContain(code);
    });
  });

  test.each(paths)('%s refuses a page of another origin', async (path, kind) => {
    const answer = await send(path, kind, scene.listed.writeKey, { headers: { origin: 'https://other.example' } });
    expect([answer.status, answer.json.code]).toEqual([403, 'bad_origin']);
  });

  test.each(paths)('%s holds a source to its requests a second', async (path, kind) => {
    const slow = await insertSource(scene.world, { requestsPerSecond: 2 });
    const answers = await Promise.all(Array.from({ length: 6 }, () => send(path, kind, slow.writeKey)));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThanOrEqual(1);
    expect(refused[0]?.json.code).toBe('rate_limited');
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
  });

  test.each(paths)('%s refuses what is too large, of another type, and no JSON', async (path, kind) => {
    const key = scene.source.writeKey;
    const raw = (body: BodyInit, type = 'application/json') =>
      send(path, kind, key, { json: undefined, body, headers: { 'content-type': type } });
    expect((await raw(`{"a":"${'x'.repeat(512_000)}"}`)).json.code).toBe('body_too_large');
    expect((await raw('a=1', 'application/x-www-form-urlencoded')).json.code).toBe('unsupported_media_type');
    expect((await raw('{')).json.code).toBe('invalid_json');
    expect((await raw('[]')).json.code).toBe('invalid_json');
  });

  test.each(paths)('%s answers the preflight of a page', async path => {
    const answer = await call(path, { method: 'OPTIONS', headers: { origin: 'https://shop.example' } });
    expect([answer.status, answer.headers.get('access-control-allow-methods')]).toEqual([204, 'POST, OPTIONS']);
  });

  test('a call that is refused for what it holds is in the log, one that is refused for its key is not', async () => {
    const source = await insertSource(scene.world);
    await send('/v1/track', 'track', source.writeKey, { json: { userId: 'u' } });
    await send('/v1/track', 'track', null, { json: { userId: 'u', writeKey: `${source.writeKey}x` } });
    expect(await kept(source)).toEqual(['{"userId":"u"}']);
  });

  test('the settings of SDKs are for keys that work', async () => {
    const ask = (source: TestSource) => call(`/v1/projects/${source.writeKey}/settings`);
    expect((await ask(scene.source)).status).toBe(200);
    expect([(await ask(scene.revoked)).status, (await ask(scene.off)).status]).toEqual([404, 403]);
  });
});

test('the document names each path that SDKs do not shorten', () => {
  const long = paths.map(([path]) => path).filter(path => path.length > '/v1/x'.length);
  const named: string[] = collectRoutes.filter(({ method }) => method === 'POST').map(({ path }) => path);
  expect(named.sort()).toEqual(long.sort());
});

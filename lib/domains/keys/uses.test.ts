import { eq } from 'drizzle-orm';
import { expect, test, vi } from 'vitest';
import { customerKey, serviceKey } from '@/dev/testing/data-plane';
import { createWorld, type World } from '@/dev/testing/world';
import type { KeyCall } from '@/lib/domains/keys/calls';
import { countCalls, forgetCalls, readKeyCalls } from '@/lib/domains/keys/read-calls';
import { callDaysKept, callersKept } from '@/lib/domains/keys/rules';
import { keyCallers, keyCalls } from '@/lib/domains/keys/tables';
import { flushKeyUses, noteCall } from '@/lib/domains/keys/uses';
import { app } from '@/lib/edge/v1/app';
import { addDays, utcDay } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';

const dayMs = 86_400_000;

const call = (about: Partial<KeyCall> = {}): KeyCall => ({
  at: new Date(),
  method: 'GET',
  route: '/v1/quota',
  status: 200,
  code: null,
  ip_prefix: '203.0.113.0/24',
  user_agent: 'worker/1',
  ...about,
});

async function scene(): Promise<{ world: World; id: string; key: string }> {
  const world = await createWorld();
  const { id, text } = await customerKey(world);
  return { world, id, key: text };
}

test('calls are counted by UTC day, and what was answered with 4xx or 5xx beside them', async () => {
  const { world, id } = await scene();
  const now = new Date();
  const yesterday = new Date(now.getTime() - dayMs);
  noteCall(id, call({ at: yesterday }));
  for (const status of [200, 201, 403, 503]) noteCall(id, call({ at: now, status }));
  await flushKeyUses();
  noteCall(id, call({ at: now, status: 429 }));
  await flushKeyUses();
  const { days } = await readKeyCalls(world.as('VIEWER'), id, { days: 3 });
  expect(days).toEqual([
    { day: addDays(utcDay(now), -2), calls: 0, errors: 0 },
    { day: utcDay(yesterday), calls: 1, errors: 0 },
    { day: utcDay(now), calls: 5, errors: 3 },
  ]);
  expect(await countCalls(world.as('VIEWER'), [id, 'no-such-key'], 7)).toEqual(new Map([[id, 6]]));
});

test('of callers the latest 20 are kept, the last one first, over flushes and out of order', async () => {
  const { world, id } = await scene();
  const start = Date.now() - 60_000;
  const at = (second: number) => new Date(start + second * 1_000);
  for (let second = 0; second < callersKept; second += 1)
    noteCall(id, call({ at: at(second), route: `/v1/${second}` }));
  await flushKeyUses();
  // Another process may write later what happened earlier.
  for (const second of [30, 2.5, 31]) noteCall(id, call({ at: at(second), route: `/v1/${second}` }));
  await flushKeyUses();
  const { latest } = await readKeyCalls(world.as('OWNER'), id);
  const routes = latest.map(({ route }) => route);
  expect(routes).toHaveLength(callersKept);
  expect(routes.slice(0, 3)).toEqual(['/v1/31', '/v1/30', '/v1/19']);
  expect(routes.slice(-2)).toEqual(['/v1/3', '/v1/2.5']);
});

test('a call over HTTP is kept with its template, its answer and a cut caller', async () => {
  const { world, id, key } = await scene();
  const headers = { authorization: `Bearer ${key}`, 'x-forwarded-for': '198.51.100.77', 'user-agent': 'u'.repeat(300) };
  const run = '00000000-0000-4000-8000-000000000000';
  await app.fetch(new Request('http://data-plane/v1/quota', { headers }));
  await app.fetch(new Request(`http://data-plane/v1/runs/${run}`, { headers }));
  await flushKeyUses();
  const { days, latest } = await readKeyCalls(world.as('OWNER'), id, { days: 1 });
  expect(days).toMatchObject([{ calls: 2, errors: 1 }]);
  expect(latest).toMatchObject([
    { method: 'GET', route: '/v1/runs/{pipeline_logging_id}', status: 404, code: 'not_found' },
    { method: 'GET', route: '/v1/quota', status: 200, code: null },
  ]);
  expect(latest[0]).toMatchObject({ ip_prefix: '198.51.100.0/24', user_agent: 'u'.repeat(200) });
  expect(JSON.stringify(latest)).not.toContain(run);
  expect(JSON.stringify(latest)).not.toContain(key);
});

test('a call without a valid key, or with the operator’s, belongs to no key of a customer', async () => {
  const { world, id, key } = await scene();
  const service = await serviceKey();
  const send = (bearer: string, path = '/v1/quota') =>
    app.fetch(new Request(`http://data-plane${path}`, { headers: { authorization: `Bearer ${bearer}` } }));
  expect((await send(`${key.slice(0, -1)}x`)).status).toBe(401);
  expect((await send(service.text, `/v1/quota?customer_id=${world.customerId}`)).status).toBe(200);
  await flushKeyUses();
  expect((await readKeyCalls(world.as('OWNER'), id)).latest).toEqual([]);
  expect(await db().select().from(keyCalls).where(eq(keyCalls.apiKeyId, service.id))).toEqual([]);
});

test('counts that could not be written are written by the next flush, once', async () => {
  const { world, id } = await scene();
  noteCall(id, call());
  const down = vi.spyOn(db(), 'transaction').mockRejectedValueOnce(new Error('Postgres is down'));
  await expect(flushKeyUses()).rejects.toThrow('Postgres is down');
  down.mockRestore();
  noteCall(id, call({ status: 500 }));
  await flushKeyUses();
  const { days, latest } = await readKeyCalls(world.as('OWNER'), id, { days: 1 });
  expect(days).toMatchObject([{ calls: 2, errors: 1 }]);
  expect(latest.map(({ status }) => status)).toEqual([500, 200]);
});

test('a key that is gone when its calls are written leaves nothing, and the others are written', async () => {
  const { world, id } = await scene();
  noteCall('erased-key', call());
  noteCall(id, call());
  await flushKeyUses();
  expect(await db().select().from(keyCalls).where(eq(keyCalls.apiKeyId, 'erased-key'))).toEqual([]);
  expect((await readKeyCalls(world.as('OWNER'), id, { days: 1 })).days).toMatchObject([{ calls: 1 }]);
});

test('what is older than it is kept is deleted, the rest stays', async () => {
  const { world, id } = await scene();
  const quiet = await customerKey(world);
  const old = new Date(Date.now() - (callDaysKept + 2) * dayMs);
  noteCall(quiet.id, call({ at: old }));
  noteCall(id, call({ at: old }));
  noteCall(id, call());
  await flushKeyUses();
  await forgetCalls(new Date());
  const days = await db().select().from(keyCalls).where(eq(keyCalls.customerId, world.customerId));
  expect(days).toMatchObject([{ apiKeyId: id, calls: 1 }]);
  const callers = await db().select().from(keyCallers).where(eq(keyCallers.customerId, world.customerId));
  expect(callers).toHaveLength(1);
  expect(callers[0]?.latest).toHaveLength(1);
});

test('calls of another customer’s key are not found, and days beyond what is kept are refused', async () => {
  const [{ world }, other] = [await scene(), await scene()];
  await expect(readKeyCalls(world.as('OWNER'), other.id)).rejects.toMatchObject({ code: 'not_found' });
  expect(await countCalls(world.as('OWNER'), [other.id], 7)).toEqual(new Map());
  for (const days of [0, callDaysKept + 1, 1.5])
    await expect(readKeyCalls(other.world.as('OWNER'), other.id, { days })).rejects.toMatchObject({
      code: 'invalid_input',
    });
});

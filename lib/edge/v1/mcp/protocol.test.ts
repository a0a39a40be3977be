/** /v1/mcp on both planes: whose messages it takes, how it refuses the others, and what it makes of odd ones. */
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { caller, customerKey, transports } from '@/dev/testing/data-plane';
import { createDoorScene, type DoorScene } from '@/dev/testing/ingest/door-scene';
import { type McpDoor, mcpDoor, rpc } from '@/dev/testing/mcp/calls';
import { createWorld } from '@/dev/testing/world';
import { quotaCounters } from '@/lib/domains/quotas/tables';
import { flushUsage } from '@/lib/domains/quotas/usage-counts';
import { mcpRoute } from '@/lib/edge/v1/mcp/routes';
import { errorsOf } from '@/lib/edge/v1/openapi-document';
import { problemSchema } from '@/lib/edge/v1/routes/run-schemas';
import { db } from '@/lib/platform/db';
import { env } from '@/lib/platform/env';

const documented = errorsOf(mcpRoute);
const list = rpc('tools/list');
const handshake = rpc('initialize', {
  protocolVersion: '2025-06-18',
  capabilities: {},
  clientInfo: { name: 'test', version: '1' },
});

describe.each(transports)('over $name', transport => {
  let door: McpDoor;
  let scene: DoorScene;
  let http: ReturnType<typeof caller>;
  let close: () => Promise<void>;
  beforeAll(async () => {
    door = await mcpDoor(transport);
    const opened = await transport.open();
    [http, close] = [caller(opened.send), opened.close];
    scene = await createDoorScene('keys:read');
  });
  afterAll(async () => {
    await door.close();
    await close();
  });

  const refusals: [who: string, status: number, code: string, key: (scene: DoorScene) => string | undefined][] = [
    ['without a key', 401, 'unauthenticated', () => undefined],
    ['a key of nobody', 401, 'invalid_key', ({ key }) => key.text.replace('ty_live_', 'ty_live_x')],
    ['a revoked key', 401, 'key_disabled', ({ keys }) => keys.revoked],
    ['an expired key', 401, 'key_expired', ({ keys }) => keys.expired],
    ['a service key', 403, 'forbidden', ({ service }) => service.text],
    ['a key of a suspended organization', 403, 'customer_suspended', ({ keys }) => keys.suspended],
  ];
  test.each(refusals)('%s: %i with a problem document', async (_, status, code, key) => {
    const answer = await door.send(list, key(scene));
    expect([answer.status, answer.json.code]).toEqual([status, code]);
    expect(problemSchema.parse(answer.json).request_id).toBe(answer.headers.get('x-request-id'));
    if (status === 401) expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer\b/);
    expect(documented).toContain(code);
  });

  test('an organization whose plan has ended reads, as by other calls', async () => {
    expect((await door.send(list, scene.keys.ended)).status).toBe(200);
  });

  test.each(['GET', 'DELETE', 'PUT', 'OPTIONS'])('%s: 405 that names POST', async method => {
    const headers = { accept: 'text/event-stream' };
    const answer = await http('/v1/mcp', { method, key: scene.key.text, headers });
    expect([answer.status, answer.json.code, answer.headers.get('allow')]).toEqual([405, 'method_not_allowed', 'POST']);
  });

  test.each([
    ['https://evil.example', 403],
    ['null', 403],
    ['http://localhost:6274', 403],
    ['the portal', 200],
  ])('a page of %s: %i', async (origin, status) => {
    const own = new URL(env().PORTAL_URL).origin;
    const headers = { origin: origin === 'the portal' ? own : origin };
    expect((await door.send(list, scene.key.text, { headers })).status).toBe(status);
  });

  const unread: [
    what: string,
    status: number,
    code: string | number,
    body: unknown,
    headers?: Record<string, string>,
  ][] = [
    ['nothing', 400, -32_700, ''],
    ['no JSON', 400, -32_700, '{"jsonrpc":'],
    ['no UTF-8', 400, -32_700, new Uint8Array([0x7b, 0xff, 0xfe, 0x7d])],
    ['null', 400, -32_600, 'null'],
    ['a text', 400, -32_600, '"tools/list"'],
    ['another version of JSON-RPC', 400, -32_600, { ...list, jsonrpc: '1.0' }],
    ['a message without a method', 400, -32_600, { jsonrpc: '2.0', id: 1 }],
    ['an id that is an object', 400, -32_600, { ...list, id: {} }],
    ['lists within lists', 400, -32_600, `${'['.repeat(5_000)}${']'.repeat(5_000)}`],
    [
      'arguments within arguments',
      400,
      -32_600,
      `{"jsonrpc":"2.0","id":1,"method":"x","params":${'{"a":'.repeat(99)}1${'}'.repeat(100)}`,
    ],
    ['an unknown version of the protocol', 400, -32_000, list, { 'mcp-protocol-version': '1999-01-01' }],
    ['a batch of a version without them', 400, -32_600, [list]],
    ['an empty batch', 400, -32_600, [], { 'mcp-protocol-version': '2025-03-26' }],
    ['a batch of 21', 400, -32_600, Array(21).fill(list), { 'mcp-protocol-version': '2025-03-26' }],
    [
      'a batch of two requests with one id',
      400,
      -32_600,
      [list, rpc('tools/call', { name: 'quota' })],
      { 'mcp-protocol-version': '2025-03-26' },
    ],
    [
      'a batch with what is no message',
      400,
      -32_600,
      [list, { method: 'notifications/cancelled' }, 7],
      { 'mcp-protocol-version': '2025-03-26' },
    ],
    ['a client that takes neither JSON nor events', 406, -32_000, list, { accept: 'text/html' }],
    ['a form', 415, 'unsupported_media_type', 'a=1', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['a compressed body', 415, 'unsupported_media_type', list, { 'content-encoding': 'gzip' }],
    ['a body over 256 kB', 413, 'body_too_large', rpc('tools/list', { x: 'x'.repeat(262_144) })],
    ['60,000 empty lists', 400, 'invalid_input', rpc('tools/list', { x: Array(60_000).fill([]) })],
  ];
  test.each(unread)('%s: %i, %s', async (_, status, code, body, headers = {}) => {
    const answer = await door.send(body, scene.key.text, { headers });
    const error = answer.json.error as { code: number } | undefined;
    expect([answer.status, error?.code ?? answer.json.code]).toEqual([status, code]);
    if (!error) expect(documented).toContain(code);
  });

  test('a query of the address is not known', async () => {
    const answer = await http('/v1/mcp?key=x', { method: 'POST', key: scene.key.text, json: list });
    expect([answer.status, answer.json.code]).toEqual([400, 'invalid_input']);
  });

  test('what the protocol does not know is an error of the protocol, with the id that asked', async () => {
    const codeOf = async (method: string, params: object) => {
      const { status, json } = await door.send(rpc(method, params, 'my-id'), scene.key.text);
      const { code } = json.error as { code: number };
      return [status, json.id, code];
    };
    expect(await codeOf('no/such', {})).toEqual([200, 'my-id', -32_601]);
    expect(await codeOf('tools/call', { name: 'no_such_tool' })).toEqual([200, 'my-id', -32_602]);
    expect(await codeOf('tools/call', {})).toEqual([200, 'my-id', -32_602]);
    expect(await codeOf('tools/call', { name: 'quota', arguments: 'x' })).toEqual([200, 'my-id', -32_602]);
  });

  test('hands are shaken, and notifications heard without an answer', async () => {
    const { json } = await door.send(handshake, scene.key.text);
    expect(json.result).toMatchObject({ protocolVersion: '2025-06-18', serverInfo: { name: 'tenantry' } });
    expect((json.result as { instructions: string }).instructions).toMatch(/UTC/);
    for (const method of ['notifications/initialized', 'notifications/cancelled']) {
      const heard = await door.send({ jsonrpc: '2.0', method, params: { requestId: 1 } }, scene.key.text);
      expect([heard.status, heard.text]).toEqual([202, '']);
    }
  });

  test('a client that takes JSON alone gets JSON, one that takes events alone an event', async () => {
    const json = await door.send(list, scene.key.text, { headers: { accept: 'application/json' } });
    expect(json.headers.get('content-type')).toMatch(/^application\/json/);
    const events = await door.send(list, scene.key.text, { headers: { accept: 'text/event-stream' } });
    expect(events.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(JSON.parse(/^data: (.*)$/m.exec(events.text)?.[1] ?? '')).toEqual(json.json);
  });

  test('a message of 2026-07-28 needs no handshake; nothing is told later, so that a subscription ends at once', async () => {
    const ofClient = 'io.modelcontextprotocol/';
    const _meta = {
      [`${ofClient}protocolVersion`]: '2026-07-28',
      [`${ofClient}clientInfo`]: { name: 'test', version: '1' },
      [`${ofClient}clientCapabilities`]: {},
    };
    const ask = (method: string, params: object) => {
      const headers = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': method };
      return door.send(rpc(method, { ...params, _meta }), scene.key.text, { headers });
    };
    const listed = await ask('tools/list', {});
    expect(listed.json.result).toMatchObject({ resultType: 'complete', cacheScope: 'private' });
    const heard = await ask('subscriptions/listen', { notifications: { toolsListChanged: true } });
    expect(heard.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(heard.text.match(/^data: /gm)).toHaveLength(2);
  });

  test('a batch of the version that has them is answered whole, also where it cancels its own request', async () => {
    const cancel = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } };
    const batch = [rpc('ping', {}, 1), cancel, rpc('tools/call', { name: 'quota' }, 2)];
    const headers = { 'mcp-protocol-version': '2025-03-26' };
    const answer = await door.send(batch, scene.key.text, { headers });
    expect(answer.status).toBe(200);
    expect(Object.values(answer.json)).toMatchObject([
      { id: 1, result: {} },
      { id: 2, result: { structuredContent: { daily_limit: expect.any(Number) } } },
    ]);
  });

  test('a batch of one request is answered by a list, and one that cancels alone is heard', async () => {
    const headers = { 'mcp-protocol-version': '2025-03-26' };
    const cancel = (requestId: number) => ({
      jsonrpc: '2.0',
      method: 'notifications/cancelled',
      params: { requestId },
    });
    const one = await door.send([rpc('ping', {}, 'a'), cancel(9)], scene.key.text, { headers });
    expect([one.status, JSON.parse(one.text)]).toEqual([200, [{ jsonrpc: '2.0', id: 'a', result: {} }]]);
    const heard = await door.send([cancel(1), cancel(2)], scene.key.text, { headers });
    expect([heard.status, heard.text]).toEqual([202, '']);
    const unlike = await door.send([rpc('ping', {}, '1'), rpc('ping', {}, 1)], scene.key.text, { headers });
    expect((JSON.parse(unlike.text) as object[]).length).toBe(2);
  });

  test('a client that takes neither JSON nor events is told what there is', async () => {
    const answer = await door.send(list, scene.key.text, { headers: { accept: 'text/html' } });
    expect(answer.json.error).toMatchObject({
      message: expect.stringMatching(/application\/json or text\/event-stream/),
    });
  });

  test('a tool that is called is one API call of the month, in a batch too; shaking hands is none', async () => {
    const world = await createWorld();
    const key = (await customerKey(world)).text;
    await door.send(handshake, key);
    await door.tools(key);
    await door.call('quota', {}, key);
    const headers = { 'mcp-protocol-version': '2025-03-26' };
    const call = (id: number) => rpc('tools/call', { name: 'quota' }, id);
    await door.send([call(1), call(2), call(3)], key, { headers });
    await flushUsage();
    const counted = eq(quotaCounters.customerId, world.customerId);
    const [counter] = await db().select({ calls: quotaCounters.apiCallsMonth }).from(quotaCounters).where(counted);
    expect(counter).toEqual({ calls: 4 });
  });

  test('where the calls of the month are used, a tool is refused by 429 with Retry-After, and the list of tools is not', async () => {
    const world = await createWorld();
    const key = (await customerKey(world)).text;
    const limited = eq(quotaCounters.customerId, world.customerId);
    await db().update(quotaCounters).set({ apiCallsMonthLimit: 1 }).where(limited);
    await door.call('quota', {}, key);
    await flushUsage();
    const answer = await door.send(rpc('tools/call', { name: 'quota' }), key);
    expect([answer.status, answer.json.code]).toEqual([429, 'usage_exceeded']);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await door.send(list, key)).status).toBe(200);
  });

  test('beyond the key’s requests a second: 429 with Retry-After; each call of a batch counts', async () => {
    const key = (await customerKey(scene.world, undefined, 'STANDARD')).text;
    const headers = { 'mcp-protocol-version': '2025-03-26' };
    const batch = Array.from({ length: 20 }, (_, id) => rpc('tools/call', { name: 'quota' }, id));
    const answers = await Promise.all([1, 2, 3].map(() => door.send(batch, key, { headers })));
    const refused = answers.filter(({ status }) => status !== 200);
    expect(refused.length).toBeGreaterThanOrEqual(1);
    for (const { status, json, headers: answered } of refused) {
      expect([status, json.code]).toEqual([429, 'rate_limited']);
      expect(Number(answered.get('retry-after'))).toBeGreaterThanOrEqual(1);
    }
  });
});

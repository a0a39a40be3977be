/** POST /v1/agent/events and /v1/agent/snapshots on both planes: what is sent in each form is in the log, and every way it can be refused. */
import { deflateSync, gzipSync } from 'node:zlib';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keptAgentLog } from '@/dev/testing/agent-log/kept';
import { caller, customerKey, type Sent, transports } from '@/dev/testing/data-plane';
import { createDoorScene, type DoorScene } from '@/dev/testing/ingest/door-scene';
import { createWorld } from '@/dev/testing/world';
import { quotaCounters } from '@/lib/domains/quotas/tables';
import { flushUsage } from '@/lib/domains/quotas/usage-counts';
import { agentEventsRoute, agentSnapshotsRoute } from '@/lib/edge/v1/agent/routes';
import { errorsOf } from '@/lib/edge/v1/openapi-document';
import { problemSchema } from '@/lib/edge/v1/routes/run-schemas';
import { db } from '@/lib/platform/db';
import { newUuid } from '@/lib/platform/ids';

const message = (more: object = {}) => ({
  event_id: newUuid(),
  event_timestamp: new Date().toISOString(),
  session_id: 's-1',
  user_id: 'mia@acme.io',
  event_type: 'message_sent',
  content: { text: 'How many orders?' },
  ...more,
});
const toolEnd = (more: object = {}) =>
  message({ event_type: 'tool_end', metadata: { execution_id: 'x', tool_name: 'bq', status: 'success' }, ...more });
const snapshot = (more: object = {}) => ({
  repo_url: 'https://github.com/acme/shop',
  commit_hash: 'a'.repeat(40),
  indexed_at: new Date().toISOString(),
  file_count: 7,
  ...more,
});

const events = '/v1/agent/events';
const snapshots = '/v1/agent/snapshots';
const documented = errorsOf(agentEventsRoute);

describe.each(transports)('over $name', transport => {
  let call: ReturnType<typeof caller>;
  let close: () => Promise<void>;
  let scene: DoorScene;
  beforeAll(async () => {
    const opened = await transport.open();
    call = caller(opened.send);
    close = opened.close;
    scene = await createDoorScene('traces:write');
  });
  afterAll(() => close());

  const send = (body: BodyInit, more: Sent = {}, path = events) =>
    call(path, {
      method: 'POST',
      key: scene.key.text,
      body,
      ...more,
      headers: { 'content-type': 'application/json', ...more.headers },
    });
  const text = () => JSON.stringify([message(), toolEnd()]);

  const forms: [what: string, body: () => BodyInit, encoding: string | null][] = [
    ['a JSON array', text, null],
    ['an object that holds one', () => `{"events":${text()}}`, null],
    ['an object a line, called JSON', () => [message(), toolEnd()].map(one => JSON.stringify(one)).join('\n'), null],
    ['a gzipped array', () => gzipSync(text()), 'gzip'],
    ['a deflated array', () => deflateSync(text()), 'deflate'],
  ];
  test.each(forms)('%s: 200, and its events are in the log', async (_, body, encoding) => {
    const world = await createWorld();
    const { text: key, id } = await customerKey(world);
    const answer = await send(body(), { key, headers: encoding ? { 'content-encoding': encoding } : {} });
    expect([answer.status, answer.json]).toEqual([200, { accepted: 2, refused: [], refused_count: 0 }]);
    const { rows, metas } = await keptAgentLog(world.customerId);
    expect(rows).toMatchObject([
      { event_type: 'message_sent', content: { text: 'How many orders?' }, client_info: null },
      { event_type: 'tool_end', metadata: { error_message: null, bytes_billed: null } },
    ]);
    expect(metas).toEqual([{ kind: 'events', keyId: id, receivedAt: expect.any(String) }]);
  });

  test('one object, and one under a path that ends with a slash: 200', async () => {
    for (const path of [events, `${events}/`])
      expect((await send(JSON.stringify(message()), {}, path)).json.accepted, path).toBe(1);
  });

  test('snapshots: 200, of two of one commit the last one', async () => {
    const world = await createWorld();
    const { text: key, id } = await customerKey(world);
    const body = JSON.stringify({ snapshots: [snapshot(), snapshot({ file_count: 8 })] });
    const answer = await send(body, { key }, snapshots);
    expect([answer.status, answer.json]).toEqual([200, { accepted: 2, refused: [], refused_count: 0 }]);
    const { rows, metas } = await keptAgentLog(world.customerId);
    expect(rows).toMatchObject([{ file_count: 8, total_tokens: null }]);
    expect(metas).toMatchObject([{ kind: 'snapshots', keyId: id }]);
  });

  test('the same event twice in a request is taken twice and kept once', async () => {
    const world = await createWorld();
    const one = message();
    const again = { ...one, event_id: one.event_id.toUpperCase() };
    const answer = await send(JSON.stringify([one, again]), { key: (await customerKey(world)).text });
    expect([answer.status, answer.json.accepted]).toEqual([200, 2]);
    expect((await keptAgentLog(world.customerId)).rows).toHaveLength(1);
  });

  test('bad events are refused alone, by index, code and field', async () => {
    const world = await createWorld();
    const lines = [
      JSON.stringify(message()),
      '{"event_id":',
      JSON.stringify(message({ event_type: 'thought' })),
      JSON.stringify(message({ event_id: 'e-1' })),
      JSON.stringify(message({ event_timestamp: new Date(Date.now() + 3_700_000).toISOString() })),
      JSON.stringify(message({ content: 'x'.repeat(262_144) })),
      JSON.stringify(message({ event_type: 'tool_start' })),
      JSON.stringify(toolEnd({ session_id: 's-2' })),
    ];
    const answer = await send(lines.join('\n'), { key: (await customerKey(world)).text });
    expect([answer.status, answer.json.accepted, answer.json.refused_count]).toEqual([200, 2, 6]);
    expect(answer.json.refused).toMatchObject([
      { index: 1, code: 'not_json', field: '' },
      { index: 2, code: 'unknown_event_type', field: 'event_type' },
      { index: 3, code: 'not_uuid4', field: 'event_id' },
      { index: 4, code: 'ahead', field: 'event_timestamp' },
      { index: 5, code: 'too_large', field: 'content' },
      { index: 6, code: 'missing', field: 'metadata.execution_id' },
    ]);
    expect((await keptAgentLog(world.customerId)).rows.map(row => row.session_id)).toEqual(['s-1', 's-2']);
  });

  test('where no event can be taken: 400 that names each, and nothing is in the log', async () => {
    const world = await createWorld();
    const answer = await send('[7,{"event_type":"error"}]', { key: (await customerKey(world)).text });
    expect([answer.status, answer.json.code, answer.json.refused_count]).toEqual([400, 'invalid_input', 2]);
    expect(answer.json.refused).toMatchObject([
      { index: 0, code: 'not_an_object' },
      { index: 1, code: 'missing', field: 'event_id' },
    ]);
    expect((await keptAgentLog(world.customerId)).metas).toEqual([]);
  });

  test('an empty array is taken, and leaves nothing', async () => {
    const world = await createWorld();
    const answer = await send('[]', { key: (await customerKey(world)).text });
    expect([answer.status, answer.json.accepted]).toEqual([200, 0]);
    expect((await keptAgentLog(world.customerId)).metas).toEqual([]);
  });

  test('addresses and secrets are gone before the log has the event', async () => {
    const world = await createWorld();
    const client_info = { ip: '203.0.113.7', 'x-forwarded-for': '203.0.113.7, 2001:db8:1::7', locale: 'de' };
    const metadata = {
      execution_id: 'x',
      tool_name: 't',
      status: 'failure',
      error_message: 'password=hunter2 is wrong',
    };
    const sent = toolEnd({ content: 'Bearer abcdefghijklmnop', metadata, client_info });
    await send(JSON.stringify(sent), { key: (await customerKey(world)).text });
    const { rows, bodies } = await keptAgentLog(world.customerId);
    expect(rows).toMatchObject([
      {
        content: 'Bearer [secret]',
        metadata: { error_message: 'password=[secret] is wrong' },
        client_info: { ip: '203.0.113.0/24', 'x-forwarded-for': '203.0.113.0/24, 2001:db8:1::/48', locale: 'de' },
      },
    ]);
    expect(bodies.join()).not.toMatch(/hunter2|abcdefghijklmnop|203\.0\.113\.7|1::7/);
  });

  const unread: [what: string, status: number, code: string, body: () => BodyInit, headers: Record<string, string>][] =
    [
      ['nothing', 400, 'invalid_json', () => '', {}],
      ['no JSON', 400, 'invalid_json', () => 'a=1', {}],
      ['an array that breaks off', 400, 'invalid_json', () => text().slice(0, -1), {}],
      ['no UTF-8', 400, 'invalid_json', () => new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]), {}],
      ['an object that holds no list', 400, 'invalid_input', () => '{"events":{}}', {}],
      ['a form', 415, 'unsupported_media_type', () => 'a=1', { 'content-type': 'application/x-www-form-urlencoded' }],
      ['protobuf', 415, 'unsupported_media_type', () => 'a', { 'content-type': 'application/x-protobuf' }],
      ['another encoding', 415, 'unsupported_media_type', text, { 'content-encoding': 'br' }],
      ['gzip that is none', 400, 'invalid_json', text, { 'content-encoding': 'gzip' }],
      ['a body over 16 MB', 413, 'body_too_large', () => 'x'.repeat(17_000_000), {}],
      [
        'a bomb of gzip',
        413,
        'body_too_large',
        () => gzipSync(Buffer.alloc(60_000_000)),
        { 'content-encoding': 'gzip' },
      ],
      ['too many events', 413, 'body_too_large', () => JSON.stringify(Array(1_001).fill(0)), {}],
      ['a million empty lists', 400, 'invalid_input', () => `[${Array(1_000_000).fill('[]').join(',')}]`, {}],
    ];
  test.each(unread)('%s: %i', async (_, status, code, body, headers) => {
    const answer = await send(body(), { headers });
    expect([answer.status, answer.json.code]).toEqual([status, code]);
    expect(documented).toContain(code);
  });

  test('more than 200 snapshots: 413', async () => {
    const answer = await send(JSON.stringify(Array(201).fill(snapshot())), {}, snapshots);
    expect([answer.status, answer.json.code]).toEqual([413, 'body_too_large']);
    expect(errorsOf(agentSnapshotsRoute)).toContain('body_too_large');
  });

  const refusals: [who: string, status: number, code: string, key: (scene: DoorScene) => string | undefined][] = [
    ['without a key', 401, 'unauthenticated', () => undefined],
    ['a key of nobody', 401, 'invalid_key', ({ key }) => key.text.replace('ty_live_', 'ty_live_x')],
    ['a revoked key', 401, 'key_disabled', ({ keys }) => keys.revoked],
    ['an expired key', 401, 'key_expired', ({ keys }) => keys.expired],
    ['a key without the scope', 403, 'insufficient_scope', ({ keys }) => keys.narrow],
    ['a key of a suspended organization', 403, 'customer_suspended', ({ keys }) => keys.suspended],
    ['a key of an organization without a plan', 403, 'subscription_inactive', ({ keys }) => keys.ended],
    ['a service key that names nobody', 400, 'invalid_input', ({ service }) => service.text],
  ];
  test.each(refusals)('%s: %i', async (_, status, code, key) => {
    for (const path of [events, snapshots]) {
      const answer = await send(text(), { key: key(scene) }, path);
      expect([answer.status, answer.json.code]).toEqual([status, code]);
      expect(problemSchema.parse(answer.json).request_id).toBe(answer.headers.get('x-request-id'));
      expect(documented).toContain(code);
    }
  });

  test('a service key sends for the customer that it names; nobody sends for another', async () => {
    const world = await createWorld();
    const path = `${events}?customer_id=${world.customerId}`;
    expect((await send(text(), { key: scene.service.text }, path)).status).toBe(200);
    expect((await keptAgentLog(world.customerId)).rows).toHaveLength(2);
    expect((await send(text(), {}, path)).status).toBe(404);
    expect((await send(text(), { key: scene.service.text }, `${events}?customer_id=nobody`)).status).toBe(404);
    expect((await keptAgentLog(world.customerId)).rows).toHaveLength(2);
  });

  test('parameters that it does not know, or that come twice, are refused', async () => {
    for (const query of ['nonsense=1', 'customer_id=a&customer_id=b', 'customer_id='])
      expect((await send(text(), {}, `${events}?${query}`)).json.code, query).toBe('invalid_input');
  });

  test('beyond the key’s requests a second: 429 with Retry-After', async () => {
    const key = (await customerKey(scene.world, undefined, 'STANDARD')).text;
    const answers = await Promise.all(Array.from({ length: 25 }, () => send('[]', { key })));
    const refused = answers.filter(({ status }) => status !== 200);
    expect(refused.length).toBeGreaterThanOrEqual(1);
    for (const { status, json, headers } of refused) {
      expect([status, json.code]).toEqual([429, 'rate_limited']);
      expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    }
    expect(documented).toContain('rate_limited');
  });

  test('it is no API call of the month', async () => {
    const world = await createWorld();
    const key = (await customerKey(world)).text;
    for (let sent = 0; sent < 3; sent++) expect((await send(text(), { key })).status).toBe(200);
    await flushUsage();
    const counted = eq(quotaCounters.customerId, world.customerId);
    const [counter] = await db().select({ calls: quotaCounters.apiCallsMonth }).from(quotaCounters).where(counted);
    expect(counter).toEqual({ calls: 0 });
  });

  test('another method is answered by 405, another path by 404', async () => {
    for (const path of [events, snapshots]) {
      const answer = await call(path, { key: scene.key.text });
      expect([answer.status, answer.json.code, answer.headers.get('allow')]).toEqual([
        405,
        'method_not_allowed',
        'POST',
      ]);
    }
    expect((await send(text(), {}, '/v1/agent/others')).status).toBe(404);
  });
});

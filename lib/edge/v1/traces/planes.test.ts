/** POST /v1/traces on both planes: what its callers send in each form is in the log, and every way it can be refused. */
import { deflateSync, gzipSync } from 'node:zlib';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { caller, customerKey, type Sent, transports } from '@/dev/testing/data-plane';
import { createDoorScene, type DoorScene } from '@/dev/testing/ingest/door-scene';
import { keptTraces } from '@/dev/testing/traces/kept';
import { createWorld } from '@/dev/testing/world';
import { quotaCounters } from '@/lib/domains/quotas/tables';
import { flushUsage } from '@/lib/domains/quotas/usage-counts';
import samples from '@/lib/domains/traces/normalize/samples/litellm.json';
import { errorsOf } from '@/lib/edge/v1/openapi-document';
import { problemSchema } from '@/lib/edge/v1/routes/run-schemas';
import { tracesRoute } from '@/lib/edge/v1/traces/routes';
import { db } from '@/lib/platform/db';

const records = [samples['success-openai-gpt-4o'], samples['success-anthropic-claude-sonnet-4']];
const array = JSON.stringify(records);
const lines = records.map(record => JSON.stringify(record)).join('\n');
const documented = errorsOf(tracesRoute);

describe.each(transports)('over $name', transport => {
  let call: ReturnType<typeof caller>;
  let close: () => Promise<void>;
  let scene: DoorScene;
  beforeAll(async () => {
    const opened = await transport.open();
    call = caller(opened.send);
    close = opened.close;
    scene = await createDoorScene('runs:read');
  });
  afterAll(() => close());

  const send = (body: BodyInit, more: Sent = {}, path = '/v1/traces') =>
    call(path, {
      method: 'POST',
      key: scene.key.text,
      body,
      ...more,
      headers: { 'content-type': 'application/json', ...more.headers },
    });

  const forms: [what: string, body: BodyInit, encoding: string | null][] = [
    ['a JSON array', array, null],
    ['an object a line, called JSON', lines, null],
    ['a gzipped array', gzipSync(array), 'gzip'],
    ['gzipped lines', gzipSync(lines), 'gzip'],
    ['a deflated array', deflateSync(array), 'deflate'],
  ];
  test.each(forms)('%s: 200, and its rows are in the log', async (_, body, encoding) => {
    const world = await createWorld();
    const { text, id } = await customerKey(world);
    const answer = await send(body, { key: text, headers: encoding ? { 'content-encoding': encoding } : {} });
    expect([answer.status, answer.json]).toEqual([200, { accepted: 2, refused: [], refused_count: 0 }]);
    const { rows, metas } = await keptTraces(world.customerId);
    expect(rows.map(row => [row.model, row.tokens_in, row.developer_id])).toEqual([
      ['openai/gpt-4o', 10, 'dev@example.com'],
      ['anthropic/claude-sonnet-4-20250514', expect.any(Number), 'dev@example.com'],
    ]);
    expect(metas).toMatchObject([{ source: 'litellm', keyId: id, refused: [], refusedCount: 0, assumedTimes: 0 }]);
  });

  test('one object: 200, and nothing of prompt or answer is kept', async () => {
    const world = await createWorld();
    const record = { ...records[0], messages: [{ role: 'user', content: 'a secret question' }] };
    const answer = await send(JSON.stringify(record), { key: (await customerKey(world)).text });
    expect([answer.status, answer.json.accepted]).toEqual([200, 1]);
    expect(JSON.stringify(await keptTraces(world.customerId))).not.toContain('secret question');
  });

  test('records that name no repository get the one of the address, else of the header', async () => {
    const world = await createWorld();
    const key = (await customerKey(world)).text;
    await send(array, { key, headers: { 'x-tenantry-repo': 'acme/header' } });
    await send(array, { key, headers: { 'x-tenantry-repo': 'acme/header' } }, '/v1/traces?repo=acme/address');
    const { rows } = await keptTraces(world.customerId);
    const slugs = rows.map(row => row.repo_slug).filter(slug => slug?.startsWith('acme/'));
    expect(new Set(slugs)).toEqual(new Set(['acme/header', 'acme/address']));
  });

  test('a bad record is refused alone, by its index, and its beginning is kept without secrets', async () => {
    const world = await createWorld();
    const bad = { ...records[0], prompt_tokens: -1, note: 'Bearer abcdefghijklmnop\u0000' };
    const text = [JSON.stringify(records[0]), '{"model":', JSON.stringify(bad)].join('\n');
    const answer = await send(text, { key: (await customerKey(world)).text });
    expect([answer.status, answer.json.accepted, answer.json.refused_count]).toEqual([200, 1, 2]);
    expect(answer.json.refused).toMatchObject([
      { index: 1, code: 'not_json', field: '' },
      { index: 2, code: 'negative', field: 'prompt_tokens' },
    ]);
    const { rows, metas } = await keptTraces(world.customerId);
    expect(rows.length).toBe(1);
    expect(metas[0]?.refused.map(({ index }) => index)).toEqual([1, 2]);
    expect(metas[0]?.refused[0]?.content).toBe('{"model":');
    expect(metas[0]?.refused[1]?.content).not.toMatch(/abcdefghijklmnop/);
  });

  test('where no record can be taken: 400 that names each, and the log knows of them', async () => {
    const world = await createWorld();
    const answer = await send('[7,{"model":"m","tokens_in":-1}]', { key: (await customerKey(world)).text });
    expect([answer.status, answer.json.code, answer.json.refused_count]).toEqual([400, 'invalid_input', 2]);
    const { rows, metas } = await keptTraces(world.customerId);
    expect([rows, metas.map(({ refusedCount }) => refusedCount)]).toEqual([[], [2]]);
  });

  test('an empty array is taken, and leaves nothing', async () => {
    const world = await createWorld();
    const answer = await send('[]', { key: (await customerKey(world)).text });
    expect([answer.status, answer.json.accepted]).toEqual([200, 0]);
    expect((await keptTraces(world.customerId)).metas).toEqual([]);
  });

  const unread: [what: string, status: number, code: string, body: () => BodyInit, headers: Record<string, string>][] =
    [
      ['nothing', 400, 'invalid_json', () => '', {}],
      ['no JSON', 400, 'invalid_json', () => 'a=1', {}],
      ['an array that breaks off', 400, 'invalid_json', () => array.slice(0, -1), {}],
      ['no UTF-8', 400, 'invalid_json', () => new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]), {}],
      ['a form', 415, 'unsupported_media_type', () => 'a=1', { 'content-type': 'application/x-www-form-urlencoded' }],
      [
        'another charset',
        415,
        'unsupported_media_type',
        () => array,
        { 'content-type': 'application/json; charset=latin1' },
      ],
      ['another encoding', 415, 'unsupported_media_type', () => array, { 'content-encoding': 'br' }],
      ['gzip that is none', 400, 'invalid_json', () => array, { 'content-encoding': 'gzip' }],
      ['a body over 16 MB', 413, 'body_too_large', () => 'x'.repeat(17_000_000), {}],
      [
        'a bomb of gzip',
        413,
        'body_too_large',
        () => gzipSync(Buffer.alloc(60_000_000)),
        { 'content-encoding': 'gzip' },
      ],
      ['too many records', 413, 'body_too_large', () => JSON.stringify(Array(20_001).fill(0)), {}],
      ['a million empty lists', 400, 'invalid_input', () => `[${Array(1_000_000).fill('[]').join(',')}]`, {}],
    ];
  test.each(unread)('%s: %i', async (_, status, code, body, headers) => {
    const answer = await send(body(), { headers });
    expect([answer.status, answer.json.code]).toEqual([status, code]);
    expect(documented).toContain(code);
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
    const answer = await send(array, { key: key(scene) });
    expect([answer.status, answer.json.code]).toEqual([status, code]);
    expect(problemSchema.parse(answer.json).request_id).toBe(answer.headers.get('x-request-id'));
    expect(documented).toContain(code);
  });

  test('a service key sends for the customer that it names; nobody sends for another', async () => {
    const world = await createWorld();
    const path = `/v1/traces?customer_id=${world.customerId}`;
    expect((await send(array, { key: scene.service.text }, path)).status).toBe(200);
    expect((await keptTraces(world.customerId)).rows.length).toBe(2);
    expect((await send(array, {}, path)).status).toBe(404);
    expect((await send(array, { key: scene.service.text }, '/v1/traces?customer_id=nobody')).status).toBe(404);
    expect((await keptTraces(world.customerId)).rows.length).toBe(2);
  });

  test('parameters that it does not know, or that come twice, are refused', async () => {
    for (const query of ['nonsense=1', 'repo=a/b&repo=c/d', 'repo='])
      expect((await send(array, {}, `/v1/traces?${query}`)).json.code, query).toBe('invalid_input');
  });

  test('beyond the key’s requests a second: 503 with Retry-After, never 429, which LiteLLM drops', async () => {
    const key = (await customerKey(scene.world, undefined, 'STANDARD')).text;
    const answers = await Promise.all(Array.from({ length: 25 }, () => send('[]', { key })));
    const refused = answers.filter(({ status }) => status !== 200);
    expect(refused.length).toBeGreaterThanOrEqual(1);
    for (const { status, json, headers } of refused) {
      expect([status, json.code]).toEqual([503, 'slow_down']);
      expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    }
  });

  test('it is no API call of the month', async () => {
    const world = await createWorld();
    const key = (await customerKey(world)).text;
    for (let sent = 0; sent < 3; sent++) expect((await send(array, { key })).status).toBe(200);
    await flushUsage();
    const counted = eq(quotaCounters.customerId, world.customerId);
    const [counter] = await db().select({ calls: quotaCounters.apiCallsMonth }).from(quotaCounters).where(counted);
    expect(counter).toEqual({ calls: 0 });
  });

  test('another method is answered by 405', async () => {
    const answer = await call('/v1/traces', { key: scene.key.text });
    expect([answer.status, answer.json.code, answer.headers.get('allow')]).toEqual([405, 'method_not_allowed', 'POST']);
  });
});

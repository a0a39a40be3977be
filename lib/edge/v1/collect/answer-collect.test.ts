/** Every way a call that takes events is answered, over a log in memory: codes, CORS, encodings, what is kept. */
import { expect, test } from 'vitest';
import { openDoor } from '@/dev/testing/events/open-door';
import type { Sender } from '@/lib/domains/events/collect/sender';
import { fromWebRequest } from '@/lib/edge/http/web-request';
import type { CollectDoor } from '@/lib/edge/v1/collect/answer-collect';
import { collectPaths } from '@/lib/edge/v1/collect/paths';
import { AppError } from '@/lib/platform/errors';

const track = JSON.stringify({ userId: 'u', event: 'Signed up', messageId: 'm1' });
const batchOf = (...items: unknown[]) => JSON.stringify({ batch: items, sentAt: '2026-11-27T12:00:00Z' });
const page = { type: 'page', userId: 'u', messageId: 'm2' };
const single = { userId: 'u', event: 'A', groupId: 'g', previousId: 'p' };

test.each([...collectPaths])('%s takes a %s, with a slash at its end too', async (path, kind) => {
  const { send, entries, sender } = openDoor();
  const body = kind === 'batch' ? batchOf(page) : JSON.stringify(single);
  for (const address of [path, `${path}/`, `${path}?_=1`]) {
    expect(await send(address, { body })).toMatchObject({ status: 200, json: { success: true } });
  }
  expect(entries.map(({ key, body: kept }) => [key, kept])).toEqual(Array(3).fill([sender.sourceId, body]));
  expect(JSON.parse(entries[0]?.meta ?? '')).toMatchObject({ kind });
});

test('Basic wins over the key in the body, which stands alone where there is none', async () => {
  const { send, entries } = openDoor();
  const named = (writeKey: unknown) => JSON.stringify({ ...single, writeKey });
  expect((await send('/v1/t', { body: named('wrong') })).status).toBe(200);
  expect((await send('/v1/t', { body: named('good'), key: 'wrong' })).json.code).toBe('invalid_key');
  expect((await send('/v1/t', { body: named('good'), key: null })).status).toBe(200);
  expect((await send('/v1/t', { body: named('good'), key: null, headers: { authorization: 'Bearer x' } })).status).toBe(
    200,
  );
  for (const writeKey of [undefined, '', 7, null])
    expect(await send('/v1/t', { body: named(writeKey), key: null })).toMatchObject({
      status: 401,
      json: { code: 'unauthenticated' },
    });
  for (const authorization of ['Basic', 'Basic !', 'Basic Og=='])
    expect((await send('/v1/t', { body: named('good'), key: null, headers: { authorization } })).status).toBe(401);
  expect(entries).toHaveLength(3);
});

test('a refusal of a key asks no visitor for a password', async () => {
  const { headers } = await openDoor().send('/v1/t', { body: track, key: 'wrong' });
  expect(headers['www-authenticate']).toBe('WriteKey realm="tenantry"');
});

const refusals: [
  sentence: string,
  status: number,
  code: string,
  source: Partial<Sender>,
  door: Partial<CollectDoor>,
][] = [
  ['a source that is off', 403, 'source_disabled', { isEnabled: false }, {}],
  [
    'a suspended organization',
    403,
    'customer_suspended',
    {},
    { mayTakeEvents: async () => new AppError('customer_suspended', '.') },
  ],
  [
    'a month that is used up',
    429,
    'usage_exceeded',
    {},
    { mayTakeEvents: async () => new AppError('usage_exceeded', '.', { retryAfterSeconds: 9 }) },
  ],
  [
    'a log that is away',
    503,
    'database_unavailable',
    {},
    { append: () => Promise.reject(new AppError('database_unavailable', '.', { retryAfterSeconds: 5 })) },
  ],
  ['a fault of ours', 500, 'internal', {}, { append: () => Promise.reject(new Error('secret words')) }],
];
test.each(refusals)('%s answers %i %s', async (_, status, code, source, door) => {
  const { send } = openDoor(source, door);
  const answered = await send('/v1/track', { body: track });
  expect([answered.status, answered.json.code]).toEqual([status, code]);
  expect(answered.headers['content-type']).toBe('application/problem+json; charset=utf-8');
  expect(answered.headers['access-control-allow-origin']).toBe('*');
  if (status === 429 || status === 503) expect(Number(answered.headers['retry-after'])).toBeGreaterThan(0);
  expect(answered.body).not.toContain('secret words');
});

test('a source is held to its requests a second', async () => {
  const { send, entries } = openDoor({ requestsPerSecond: 3 });
  const answers = await Promise.all(Array.from({ length: 8 }, () => send('/v1/t', { body: track })));
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThanOrEqual(2);
  expect(refused[0]).toMatchObject({ json: { code: 'rate_limited' }, headers: { 'retry-after': '1' } });
  expect(entries).toHaveLength(8 - refused.length);
});

test('a single call that is wrong answers 400 with code and field, and is noted', async () => {
  const { send, entries } = openDoor();
  const answered = await send('/v1/track', { body: JSON.stringify({ userId: 'u', messageId: 'm7' }) });
  expect(answered).toMatchObject({
    status: 400,
    json: { code: 'invalid_input', errors: [{ path: 'event', code: 'event_missing' }] },
  });
  const problems = [{ code: 'event_missing', field: 'event', message: 'A track call needs a non-empty event name.' }];
  expect(JSON.parse(entries[0]?.meta ?? '')).toMatchObject({ kind: 'track', refused: [{ index: 0, problems }] });
});

test('a call of more than 32 kB answers 413, and is noted', async () => {
  const { send, entries } = openDoor();
  const answered = await send('/v1/track', {
    body: JSON.stringify({ ...single, properties: { a: 'x'.repeat(33_000) } }),
  });
  expect(answered).toMatchObject({
    status: 413,
    json: { code: 'body_too_large', errors: [{ code: 'event_too_large' }] },
  });
  expect(entries).toHaveLength(1);
});

test('a bad item of a batch is refused alone, listed and noted', async () => {
  const { send, entries } = openDoor();
  const answered = await send('/v1/batch', { body: batchOf(page, { ...page, userId: 7, messageId: 'm3' }, {}) });
  expect(answered.status).toBe(200);
  const { messageIds } = JSON.parse(entries[0]?.meta ?? '') as { messageIds: Record<string, string> };
  expect(answered.json).toEqual({
    success: true,
    accepted: 1,
    refused: [
      { index: 1, message_id: 'm3', problems: [expect.objectContaining({ code: 'wrong_type', field: 'userId' })] },
      {
        index: 2,
        message_id: messageIds['2'],
        problems: [expect.objectContaining({ code: 'unknown_type', field: 'type' })],
      },
    ],
    refused_count: 2,
  });
  expect(JSON.parse(entries[0]?.meta ?? '').refused).toHaveLength(2);
});

test('a batch of bad items only answers 400, small however many they are', async () => {
  const { send, entries } = openDoor();
  const answered = await send('/v1/import', { body: batchOf(...Array(2_500).fill(1)) });
  expect(answered).toMatchObject({ status: 400, json: { code: 'invalid_input', refused_count: 2_500 } });
  expect((answered.json.errors as { path: string }[])[3]).toMatchObject({ path: 'batch.3', code: 'not_an_object' });
  expect(answered.body.length).toBeLessThan(30_000);
  expect(JSON.parse(entries[0]?.meta ?? '').refused).toHaveLength(2_500);
});

test('a refusal that cannot be noted is answered all the same', async () => {
  const { send } = openDoor({}, { append: () => Promise.reject(new AppError('database_unavailable', '.')) });
  expect((await send('/v1/track', { body: '{"userId":"u"}' })).status).toBe(400);
});

test.each(['GET', 'PUT', 'DELETE', 'PATCH'])('%s answers 405 and what the path knows', async method => {
  const answered = await openDoor().send('/v1/track', { method });
  expect([answered.status, answered.headers.allow]).toEqual([405, 'POST, OPTIONS']);
});

test('the sender’s address is kept whole, or as its network where the source says so', async () => {
  const sent = {
    body: JSON.stringify({ ...single, context: { ip: '203.0.113.9' } }),
    headers: { 'x-forwarded-for': '198.51.100.7', 'user-agent': 'agent/1' },
  };
  const [whole, cut] = [openDoor(), openDoor({ redactsIp: true })];
  await whole.send('/v1/t', sent);
  await cut.send('/v1/t', sent);
  expect(JSON.parse(whole.entries[0]?.meta ?? '')).toMatchObject({ ip: '198.51.100.7', userAgent: 'agent/1' });
  expect(whole.entries[0]?.body).toContain('203.0.113.9');
  expect(JSON.parse(cut.entries[0]?.meta ?? '')).toMatchObject({ ip: '198.51.100.0' });
  expect(cut.entries[0]?.body).toContain('"ip":"203.0.113.0"');
});

test('a call nested beyond all bounds beside a good one is refused alone, where addresses are cut too', async () => {
  const { send, entries } = openDoor({ redactsIp: true });
  const deep = `{"type":"page","userId":"u","context":{"a":${'['.repeat(15_000)}${']'.repeat(15_000)},"n":12345678901234567}}`;
  const good = JSON.stringify({ ...page, context: { ip: '203.0.113.9' } });
  const answered = await send('/v1/batch', { body: `{"batch":[${deep},${good}]}` });
  expect(answered).toMatchObject({ status: 200, json: { accepted: 1, refused_count: 1 } });
  expect(entries[0]?.body).toBe(`{"batch":[null,${good.replace('.9"', '.0"')}]}`);
  expect((await send('/v1/page', { body: deep })).json).toMatchObject({ errors: [{ code: 'too_deep' }] });
});

test('what the browser’s SDK says of itself is answered and not kept', async () => {
  const { send, entries } = openDoor();
  expect((await send('/v1/m', { key: null, body: '{"series":[]}' })).json).toEqual({ success: true });
  expect(entries).toEqual([]);
});

test('the SDK’s settings lead back here and to nobody else', async () => {
  const { send } = openDoor();
  const ask = (key: string, headers = {}) =>
    send(`/v1/projects/${key}/settings`, { method: 'GET', key: null, headers });
  const answered = await ask('good', { host: 'events.example:8443', 'x-forwarded-proto': 'https' });
  expect(answered.status).toBe(200);
  const { integrations, metrics } = answered.json as { integrations: Record<string, unknown>; metrics: unknown };
  expect(integrations).toEqual({
    'Segment.io': expect.objectContaining({ apiKey: 'good', apiHost: 'events.example:8443/v1', protocol: 'https' }),
  });
  expect(metrics).toMatchObject({ sampleRate: 0, host: 'events.example:8443/v1' });
  expect((await ask('good', { host: 'evil.example/x' })).body).not.toContain('evil');
  expect((await ask('nobody')).json.code).toBe('not_found');
});

test('paths of other calls are none of ours', () => {
  for (const path of ['/v1/runs', '/v1/tracks', '/v1/projects', '/v1/projects/a/b/settings', '/v1', '/v1/', '/v1/T'])
    expect(openDoor().answerCollect(fromWebRequest(new Request(`http://data-plane${path}`)))).toBeNull();
});

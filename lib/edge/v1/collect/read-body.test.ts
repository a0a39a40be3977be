/** What bodies are read, and which pages of other origins send: types, encodings, bombs, CORS. */
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { openDoor, type Sent } from '@/dev/testing/events/open-door';

const track = JSON.stringify({ userId: 'u', event: 'Signed up', messageId: 'm1' });

const bodies: [sentence: string, status: number, code: string | undefined, sent: Sent][] = [
  ['a beacon', 200, undefined, { body: track, headers: { 'content-type': 'text/plain;charset=UTF-8' } }],
  ['no type', 200, undefined, { body: Buffer.from(track) }],
  ['another JSON type', 200, undefined, { body: track, headers: { 'content-type': 'application/cloudevents+json' } }],
  [
    'a form',
    415,
    'unsupported_media_type',
    { body: 'a=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
  ],
  [
    'another charset',
    415,
    'unsupported_media_type',
    { body: track, headers: { 'content-type': 'text/plain; charset=latin1' } },
  ],
  ['another encoding', 415, 'unsupported_media_type', { body: track, headers: { 'content-encoding': 'br' } }],
  ['gzip', 200, undefined, { body: gzipSync(track), headers: { 'content-encoding': 'gzip' } }],
  ['gzip that is none', 400, 'invalid_json', { body: track, headers: { 'content-encoding': 'gzip' } }],
  [
    'gzip that breaks off',
    400,
    'invalid_json',
    { body: gzipSync(track).subarray(0, 30), headers: { 'content-encoding': 'gzip' } },
  ],
  [
    'a bomb of gzip',
    413,
    'body_too_large',
    { body: gzipSync(Buffer.alloc(200_000_000)), headers: { 'content-encoding': 'gzip' } },
  ],
  ['too much', 413, 'body_too_large', { body: `{"a":"${'x'.repeat(512_000)}"}` }],
  ['nothing', 400, 'invalid_json', {}],
  ['half a JSON', 400, 'invalid_json', { body: '{"a":' }],
  ['no UTF-8', 400, 'invalid_json', { body: new Uint8Array([0x22, 0xff, 0x22]) }],
  ['a mark before it', 200, undefined, { body: `\ufeff${track}` }],
  [
    'too many names',
    400,
    'invalid_input',
    { body: JSON.stringify(Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`k${i}`, 0]))) },
  ],
  [
    'deep nesting',
    400,
    'invalid_input',
    { body: `{"userId":"u","event":"A","properties":{"a":${'['.repeat(15_000)}${']'.repeat(15_000)}}}` },
  ],
];
test.each(bodies)('%s: %i', async (_, status, code, sent) => {
  const answered = await openDoor().send('/v1/track', sent);
  expect([answered.status, answered.json.code]).toEqual([status, code]);
  expect(answered.body.length).toBeLessThan(3_000);
});

test('a mark before the body and gzip around it are not kept', async () => {
  const { send, entries } = openDoor();
  await send('/v1/t', { body: gzipSync(`\ufeff${track}`), headers: { 'content-encoding': 'gzip' } });
  expect(entries[0]?.body).toBe(track);
});

test('a preflight is answered without a key, and allows what it asks for', async () => {
  const { send } = openDoor({ allowedOrigins: ['https://shop.example'] });
  const headers = { origin: 'https://other.example', 'access-control-request-headers': 'authorization,x-own' };
  const answered = await send('/v1/t', { method: 'OPTIONS', key: null, headers });
  expect([answered.status, answered.body]).toEqual([204, '']);
  expect(answered.headers).toMatchObject({
    'access-control-allow-origin': '*',
    'access-control-allow-methods': 'POST, OPTIONS',
    'access-control-allow-headers': 'authorization,x-own',
  });
  const odd = await send('/v1/t', {
    method: 'OPTIONS',
    key: null,
    headers: { 'access-control-request-headers': 'a b' },
  });
  expect(odd.headers['access-control-allow-headers']).toContain('authorization');
});

test('only pages of a listed origin send, and read the answer', async () => {
  const { send, entries } = openDoor({ allowedOrigins: ['https://shop.example'] });
  const from = (origin?: string) => send('/v1/t', { body: track, headers: origin === undefined ? {} : { origin } });
  const listed = await from('https://shop.example');
  expect([listed.status, listed.headers['access-control-allow-origin'], listed.headers.vary]).toEqual([
    200,
    'https://shop.example',
    'Origin',
  ]);
  for (const origin of ['https://other.example', 'http://shop.example', 'https://shop.example.evil', 'null']) {
    const other = await from(origin);
    expect([other.status, other.json.code, other.headers['access-control-allow-origin']]).toEqual([
      403,
      'bad_origin',
      undefined,
    ]);
  }
  expect((await from()).status).toBe(200);
  expect(entries).toHaveLength(2);
});

test('no answer allows credentials', async () => {
  const { send } = openDoor();
  for (const sent of [{ body: track }, { method: 'OPTIONS' }, { body: '' }])
    expect((await send('/v1/t', sent)).headers['access-control-allow-credentials']).toBeUndefined();
});

import { expect, test } from 'vitest';
import { readJson, readQuery } from '@/lib/edge/http/json-body';

const read = (body: string | Buffer, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
  readJson({
    method: 'POST',
    path: '/v1/x',
    search: '',
    headers: new Headers(headers),
    readBody: async () => Buffer.from(body),
    gone: () => new AbortController().signal,
  });

const taken: [what: string, body: string, value: unknown][] = [
  ['an object', '{"a":[1,{"b":null}]}', { a: [1, { b: null }] }],
  ['escaped letters', '"\\u00e9"', 'é'],
  ['a whole surrogate pair', '"\\ud83d\\ude00"', '😀'],
  ['104 levels', `${'['.repeat(104)}${']'.repeat(104)}`, JSON.parse(`${'['.repeat(104)}${']'.repeat(104)}`)],
  ['nothing', '', undefined],
];
test.each(taken)('%s is read', async (_, body, value) => {
  expect(await read(body)).toEqual(value);
});

const refused: [what: string, body: string | Buffer, code: string, path?: string][] = [
  ['half JSON', '{"a":', 'invalid_json'],
  ['bytes that are no UTF-8', Buffer.from([0x22, 0xc3, 0x28, 0x22]), 'invalid_json'],
  ['an escaped NUL', '{"a":{"b":"x\\u0000"}}', 'invalid_input', 'a.b'],
  ['half a surrogate', '{"a":["\\ud800"]}', 'invalid_input', 'a.0'],
  ['a name with a NUL', '{"a\\u0000":1}', 'invalid_input', ''],
  ['a number beyond doubles', '{"a":-1e999}', 'invalid_input', 'a'],
  ['105 levels', `${'['.repeat(105)}${']'.repeat(105)}`, 'invalid_input', '0.0.0.0'],
  ['half a million levels', `${'['.repeat(500_000)}${']'.repeat(500_000)}`, 'invalid_input', ''],
  ['thirty thousand levels', `${'['.repeat(15_000)}${']'.repeat(15_000)}`, 'invalid_input', '0.0.0.0'],
];
test.each(refused)('%s is refused', async (_, body, code, path) => {
  await expect(read(body)).rejects.toMatchObject({ code, ...(path === undefined ? {} : { fields: [{ path }] }) });
});

const types: [type: string, ok: boolean][] = [
  ['application/json', true],
  ['application/json; charset=utf-8', true],
  ['Application/JSON;charset="UTF-8"', true],
  ['application/problem+json', true],
  ['application/json; charset=utf-16', false],
  ['text/json', false],
  ['text/plain', false],
  ['multipart/form-data; boundary=x', false],
];
test.each(types)('content type %s', async (type, ok) => {
  const reading = read('{}', { 'content-type': type });
  if (ok) expect(await reading).toEqual({});
  else await expect(reading).rejects.toMatchObject({ code: 'unsupported_media_type' });
});

test('a query parameter named __proto__ is a parameter like any other', () => {
  const query = readQuery('__proto__=1&a=2');
  expect(Object.keys(query)).toEqual(['__proto__', 'a']);
  expect(Object.getPrototypeOf(query)).toBe(Object.prototype);
});

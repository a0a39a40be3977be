/** The JSON routes of API keys as a key calls them: every refusal is a problem document that says what is wrong. */
import { describe, expect, test } from 'vitest';
import { POST as endGraceRoute } from '@/app/api/keys/[id]/end-grace/route';
import { POST as rotateRoute } from '@/app/api/keys/[id]/rotate/route';
import { DELETE, GET, PATCH } from '@/app/api/keys/[id]/route';
import { POST as createRoute, GET as listRoute } from '@/app/api/keys/route';
import { createWorld, type World } from '@/dev/testing/world';
import { createKey, revokeKey } from '@/lib/domains/keys/commands';
import { newKeyText } from '@/lib/domains/keys/key-format';
import { lookUpKey } from '@/lib/domains/keys/verify';
import { env } from '@/lib/platform/env';
import { takeQuestion } from '@/lib/warehouse/query/query-budget';

type Handler = typeof GET;
type Call = { key?: string; body?: unknown; raw?: string; type?: string; id?: string; query?: string };

const sound = { name: 'made by API', scopes: ['quota:read'] };

/** Calls a handler as Next would; answers status, body and headers. */
async function call(handler: Handler, { key, body, raw, type = 'application/json', id, query = '' }: Call) {
  const text = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  const headers = { ...(key ? { authorization: `Bearer ${key}` } : {}), ...(text ? { 'content-type': type } : {}) };
  const url = `http://127.0.0.1/api/keys${id ? `/${encodeURIComponent(id)}` : ''}${query}`;
  const request = new Request(url, { method: handler.info.method, headers, body: text ?? null });
  const response = await handler(request, { params: Promise.resolve<Record<string, string>>(id ? { id } : {}) });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  };
}

async function keyOf(world: World, scopes: string[], extra: object = {}): Promise<{ id: string; text: string }> {
  const { result } = await createKey(world.system, {
    name: scopes.join(),
    scopes,
    rate_limit_tier: 'UNLIMITED',
    ...extra,
  });
  return { id: result.key.api_key_id, text: result.secret.reveal() };
}

test.each([
  ['a cursor with half a surrogate', '?after=eyJwb3NpdGlvbiI6MSwiaWQiOiJcdWQ4MDAifQ', 'after'],
  ['a search for half a surrogate', '?q=%ED%A0%80x%00', 'q'],
  ['a search for NUL', '?q=%00', 'q'],
])('%s is the caller’s mistake, and the list goes on answering', async (_, query, field) => {
  const { text: key } = await keyOf(await createWorld(), ['keys:read']);
  expect(await call(listRoute, { key, query })).toMatchObject({ status: 400, body: { errors: [{ path: field }] } });
  expect(await call(listRoute, { key })).toMatchObject({ status: 200 });
});

test('a list that has no rows yet and may not ask for any is refused until the minute is over', async () => {
  const world = await createWorld();
  const { text: key } = await keyOf(world, ['keys:read']);
  for (let question = 0; question < env().BIGQUERY_QUESTIONS_PER_MINUTE; question++)
    await takeQuestion(world.customerId);
  const refused = await call(listRoute, { key });
  expect(refused).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
  expect(refused.body.detail).toMatch(
    /^Your organization has asked for very much data in the last minute\. Try again in \d+ s\.$/,
  );
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
});

test('a key with keys:write creates, reads, renames, rotates, ends and revokes keys', async () => {
  const world = await createWorld();
  const { text: key } = await keyOf(world, ['keys:read', 'keys:write', 'quota:read']);
  const created = await call(createRoute, { key, body: sound });
  expect(created).toMatchObject({ status: 201, body: { ...sound, status: 'ACTIVE', expires_at: null } });
  expect(created.headers.get('cache-control')).toBe('no-store');
  const id = String(created.body.api_key_id);
  expect(await lookUpKey(String(created.body.key))).toMatchObject({ valid: true, holder: { keyId: id } });
  const read = await call(GET, { key, id });
  expect(read).toMatchObject({ status: 200, body: { api_key_id: id, name: 'made by API' } });
  expect(JSON.stringify(read.body)).not.toMatch(/hash|encrypted|"key":/);
  expect(await call(PATCH, { key, id, body: { name: 'renamed' } })).toMatchObject({
    status: 200,
    body: { name: 'renamed' },
  });
  const rotated = await call(rotateRoute, { key, id, body: { grace_seconds: 3_600 } });
  expect(rotated).toMatchObject({ status: 201, body: { rotated_from: id, replaced: { status: 'REPLACED' } } });
  expect(await call(endGraceRoute, { key, id })).toMatchObject({ status: 200, body: { status: 'REVOKED' } });
  const revoked = await call(DELETE, { key, id: String(rotated.body.api_key_id), query: '?reason=tested' });
  expect(revoked).toMatchObject({ status: 200, body: { status: 'REVOKED', deactivation_reason: 'tested' } });
  expect(await lookUpKey(String(rotated.body.key))).toMatchObject({ valid: false, code: 'DISABLED' });
  const listed = await call(listRoute, { key, query: '?status=all&limit=100' });
  expect(listed.body).toMatchObject({ next_cursor: null, stale: false });
});

describe('refusals', () => {
  const bodies: [sentence: string, sent: Call, status: number, code: string, path?: string][] = [
    ['an unknown field', { body: { ...sound, admin: true } }, 400, 'invalid_input', 'admin'],
    [
      'a customer of one’s own choice',
      { body: { ...sound, customer_id: 'cus_x' } },
      400,
      'invalid_input',
      'customer_id',
    ],
    ['no body', {}, 400, 'invalid_input'],
    ['no name', { body: { scopes: ['quota:read'] } }, 400, 'invalid_input', 'name'],
    ['81 characters', { body: { ...sound, name: 'x'.repeat(81) } }, 400, 'invalid_input', 'name'],
    ['an unknown scope', { body: { ...sound, scopes: ['root'] } }, 400, 'invalid_input', 'scopes.0'],
    ['a past expiry', { body: { ...sound, expires_at: '2020-01-01T00:00:00Z' } }, 400, 'invalid_input', 'expires_at'],
    ['a date that is none', { body: { ...sound, expires_at: 'tomorrow' } }, 400, 'invalid_input', 'expires_at'],
    [
      'a tier of support',
      { body: { ...sound, rate_limit_tier: 'UNLIMITED' } },
      400,
      'invalid_input',
      'rate_limit_tier',
    ],
    ['a scope the key lacks', { body: { ...sound, scopes: ['team:write'] } }, 403, 'insufficient_scope', 'scopes'],
    ['half JSON', { raw: '{"name":' }, 400, 'invalid_json'],
    ['a form', { raw: 'name=x', type: 'application/x-www-form-urlencoded' }, 415, 'unsupported_media_type'],
    ['two megabytes', { raw: JSON.stringify({ ...sound, name: 'x'.repeat(2_000_000) }) }, 413, 'body_too_large'],
  ];
  test.each(bodies)('%s', async (_, sent, status, code, path) => {
    const world = await createWorld();
    const { text: key } = await keyOf(world, ['keys:read', 'keys:write', 'quota:read']);
    const { headers, body, ...answer } = await call(createRoute, { key, ...sent });
    expect(answer.status).toBe(status);
    expect(body).toMatchObject({ status, code });
    expect(headers.get('content-type')).toContain('application/problem+json');
    if (path) expect((body.errors as { path: string }[]).map(error => error.path)).toContain(path);
  });

  test.each(['?status=lost', '?after=x', '?limit=0', '?limit=1000', '?page=2', '?sort=name', '?q=a&q=b', '?q=%00'])(
    'the list refuses %s',
    async query => {
      const world = await createWorld();
      const { text: key } = await keyOf(world, ['keys:read']);
      expect(await call(listRoute, { key, query })).toMatchObject({ status: 400 });
    },
  );

  const handlers = { createRoute, listRoute, GET, PATCH, DELETE, rotateRoute, endGraceRoute };
  const bodyOf: Record<string, unknown> = { createRoute: sound, PATCH: { name: 'x' }, rotateRoute: {} };

  test.each(Object.entries(handlers))(
    '%s: who is unknown, revoked, expired, without scope or foreign gets nothing',
    async (name, handler) => {
      const [world, other] = [await createWorld(), await createWorld()];
      const foreign = await keyOf(other, ['quota:read']);
      const sent = {
        body: bodyOf[name],
        ...(name === 'createRoute' || name === 'listRoute' ? {} : { id: foreign.id }),
      };
      const revoked = await keyOf(world, ['keys:write']);
      await revokeKey(world.system, { api_key_id: revoked.id });
      const weak = await keyOf(world, ['quota:read']);
      expect(await call(handler, { ...sent, key: newKeyText('customer').secret.reveal() })).toMatchObject({
        status: 401,
        body: { code: 'invalid_key' },
      });
      expect(await call(handler, { ...sent, key: 'nonsense' })).toMatchObject({ status: 401 });
      expect(await call(handler, { ...sent, key: revoked.text })).toMatchObject({
        status: 401,
        body: { code: 'key_disabled' },
      });
      expect(await call(handler, { ...sent, key: weak.text })).toMatchObject({
        status: 403,
        body: { code: 'insufficient_scope' },
      });
      if (!('id' in sent)) return;
      const { text: key } = await keyOf(world, ['keys:read', 'keys:write', 'quota:read']);
      for (const id of [foreign.id, '00000000-0000-4000-8000-000000000000']) {
        const answer = await call(handler, { ...sent, id, key });
        expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
        expect(JSON.stringify(answer.body)).not.toContain(other.customerId);
      }
      for (const id of ["' OR 1=1", '\u0000', 'x'.repeat(10_000)])
        expect((await call(handler, { ...sent, id, key })).status).toBeOneOf([400, 404]);
    },
  );

  test('a STANDARD key is slowed down at 20 requests a second, and told for how long', async () => {
    const world = await createWorld();
    const { text: key, id } = await keyOf(world, ['keys:read'], { rate_limit_tier: 'STANDARD' });
    const answers = await Promise.all(Array.from({ length: 60 }, () => call(GET, { key, id })));
    const refused = answers.filter(answer => answer.status === 429);
    expect(refused.length).toBeGreaterThanOrEqual(20);
    expect(refused[0]?.body).toMatchObject({ code: 'rate_limited' });
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
  });
});

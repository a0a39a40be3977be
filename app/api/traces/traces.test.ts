/** The JSON and CSV of AI usage as a key calls them. */
import { beforeAll, expect, test } from 'vitest';
import { GET as getCostly } from '@/app/api/traces/costly/route';
import { GET as getDevelopers } from '@/app/api/traces/developers/route';
import { GET as getLetters } from '@/app/api/traces/imports/[id]/dead-letters/route';
import { GET as getImport } from '@/app/api/traces/imports/[id]/route';
import { GET as getImports } from '@/app/api/traces/imports/route';
import { GET as getModels } from '@/app/api/traces/models/route';
import { GET as getRequests } from '@/app/api/traces/requests/route';
import { GET as getSessions } from '@/app/api/traces/sessions/route';
import { GET as getUsage } from '@/app/api/traces/usage/route';
import { customerKey } from '@/dev/testing/data-plane';
import { insertImport, insertTraces, requestRow } from '@/dev/testing/traces/trace-rows';
import { createWorld } from '@/dev/testing/world';

let key: string;
let importId: string;
const call = async (handler: typeof getUsage, query = '', id = importId) => {
  const request = new Request(`http://127.0.0.1/api/x${query}`, { headers: { authorization: `Bearer ${key}` } });
  const response = await handler(request, { params: Promise.resolve({ id }) });
  return { status: response.status, headers: response.headers, text: await response.text() };
};

beforeAll(async () => {
  const world = await createWorld();
  key = (await customerKey(world, ['traces:read'])).text;
  const at = new Date(Date.now() - 60_000);
  await insertTraces(world, [
    requestRow({ at, cost_usd: 0.5, book_cost_usd: 0.4 }),
    requestRow({ at, session_id: '=cmd', developer_id: '=jo', cost_usd: 0.001, book_cost_usd: null }),
  ]);
  importId = String(
    await insertImport(world, { refused: ['{"tokens_in":-1', '{"api_key": "sk-aaaaaaaaaaaaaaaaaaaaaaaa"'] }),
  );
});

test('usage comes as JSON with totals, names and days, and what has no price is counted', async () => {
  const { status, text } = await call(getUsage, '?by=developer&days=7');
  expect(status).toBe(200);
  const body = JSON.parse(text);
  expect(body).toMatchObject({ by: 'developer', total: { requests: 2, unpriced: 1 }, freshness: 'current' });
  expect(body.days).toHaveLength(7);
  expect(body.names).toHaveLength(2);
});

test.each([
  ['usage by day', getUsage, '?format=csv', 31],
  ['usage by name', getUsage, '?format=csv&rows=names&by=developer', 3],
  ['sessions', getSessions, '?format=csv', 3],
  ['developers', getDevelopers, '?format=csv', 3],
  ['costly requests', getCostly, '?format=csv', 2],
  ['models', getModels, '?format=csv', 2],
  ['imports', getImports, '?format=csv', 2],
  ['refused lines', getLetters, '?format=csv', 3],
] as const)('%s come as a file, in which no cell is a formula', async (_, handler, query, lines) => {
  const { status, headers, text } = await call(handler, query);
  expect(status).toBe(200);
  expect(headers.get('content-disposition')).toMatch(/^attachment; filename="ai-[\w-]+\.csv"$/);
  expect(text.trim().split('\r\n')).toHaveLength(lines);
  expect(text).not.toMatch(/(^|,)=/m);
});

test('requests of a session, an import and its refused lines come as JSON, secrets taken out', async () => {
  expect(JSON.parse((await call(getRequests, '?id=session-1')).text).data).toMatchObject([{ cost_usd: 0.5 }]);
  expect(JSON.parse((await call(getImport)).text)).toMatchObject({ refused_count: 2, source: 'traces.jsonl' });
  const { text } = await call(getLetters);
  expect(JSON.parse(text).data).toMatchObject([{ line: 1, code: 'negative' }, { line: 2 }]);
  expect(text).not.toContain('sk-aaaa');
});

test.each([
  [getUsage, '?by=colour', 400],
  [getUsage, '?days=8', 400],
  [getUsage, '?customer_id=cus_x', 400],
  [getSessions, '?from=yesterday', 400],
  [getSessions, '?after=x', 400],
  [getRequests, '', 400],
  [getImports, '?state=DONE', 400],
  [getLetters, '?after=x', 400],
])('what is not understood is refused: %#', async (handler, query, status) => {
  expect((await call(handler, query)).status).toBe(status);
});

test('an import that is not there is 404', async () => {
  for (const handler of [getImport, getLetters]) expect((await call(handler, '', '999999999')).status).toBe(404);
  expect((await call(getLetters, '?format=csv', '999999999')).status).toBe(404);
});

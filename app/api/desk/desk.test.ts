/** The query desk as a key calls it: statuses, bodies, and a result as a file. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { POST as estimate } from '@/app/api/desk/estimate/route';
import { GET as readQuery } from '@/app/api/desk/queries/[id]/route';
import { GET as readRows } from '@/app/api/desk/queries/[id]/rows/route';
import { GET as listQueries, POST as runQuery } from '@/app/api/desk/queries/route';
import { GET as readSettings } from '@/app/api/desk/settings/route';
import { GET as listTables } from '@/app/api/desk/tables/route';
import { customerKey } from '@/dev/testing/data-plane';
import { dropDesks } from '@/dev/testing/desk/desk';
import { createWorld, type World } from '@/dev/testing/world';
import { setDeskSettings } from '@/lib/domains/desk/caps/set-caps';
import { leastBytes } from '@/lib/domains/desk/rules';

let world: World;
let key: string;
beforeAll(async () => {
  world = await createWorld();
  key = (await customerKey(world, ['desk:query'])).text;
});
afterAll(() => dropDesks([world]));

type Handler = typeof runQuery;
async function call(handler: Handler, { json, id = '', query = '' }: { json?: object; id?: string; query?: string }) {
  const init = json ? { method: 'POST', body: JSON.stringify(json) } : {};
  const headers = { authorization: `Bearer ${key}`, ...(json ? { 'content-type': 'application/json' } : {}) };
  const request = new Request(`http://127.0.0.1/api/desk/x${query}`, { ...init, headers });
  const answer = await handler(request, { params: Promise.resolve({ id }) });
  const text = await answer.text();
  const isJson = answer.headers.get('content-type')?.includes('json');
  return { status: answer.status, headers: answer.headers, text, body: isJson ? JSON.parse(text) : null };
}

test('tables are listed with their columns', async () => {
  const { status, body } = await call(listTables, {});
  expect(status).toBe(200);
  const commits = body.data.find(({ table_name }: { table_name: string }) => table_name === 'commits');
  expect(commits).toMatchObject({
    group: 'ai-usage',
    columns: expect.arrayContaining([expect.objectContaining({ name: 'sha' })]),
  });
});

test('a query is estimated, run, found again and read as JSON and as a file', async () => {
  const sql = 'SELECT sha FROM commits';
  const estimated = await call(estimate, { json: { sql } });
  expect(estimated).toMatchObject({
    status: 200,
    body: { estimated_bytes: leastBytes, fits: 'yes', tables: ['commits'] },
  });
  const ran = await call(runQuery, { json: { sql: "SELECT '=1+1' AS formula, 9007199254740993 AS whole" } });
  expect(ran).toMatchObject({
    status: 200,
    body: {
      status: 'COMPLETED',
      rows: [{ formula: '=1+1', whole: '9007199254740993' }],
      row_count: 1,
      bytes_billed: 0,
    },
  });
  const id = ran.body.query_id;
  expect((await call(readQuery, { id })).body).toMatchObject({ query_id: id, asked_via: 'api', status: 'COMPLETED' });
  expect((await call(readRows, { id, query: '?offset=1' })).body).toMatchObject({ data: [], offset: 1, more: false });
  const file = await call(readRows, { id, query: '?format=csv' });
  expect(file.headers.get('content-disposition')).toBe(`attachment; filename="query-${id}.csv"`);
  expect(file.text).toBe("formula,whole\r\n'=1+1,9007199254740993\r\n");
  expect((await call(listQueries, { query: '?limit=1' })).body).toMatchObject({ data: [{ query_id: id }] });
});

test('what is wrong is said with its place, its numbers and when to come again', async () => {
  const refused = await call(runQuery, { json: { sql: 'SELECT nothing_here FROM commits' } });
  expect(refused).toMatchObject({
    status: 400,
    body: { code: 'query_refused', layer: 'analyzer', line: 1, column: 8 },
  });
  const wrong = await call(runQuery, { json: { sql: 'SELECT 1', door: 'portal' } });
  expect(wrong).toMatchObject({ status: 400, body: { code: 'invalid_input', errors: [{ path: 'door' }] } });
  expect((await call(readRows, { id: 'qry_nothing' })).status).toBe(404);
  expect((await call(readRows, { id: 'qry_nothing', query: '?format=xml' })).status).toBe(400);
  await setDeskSettings(world.as('OWNER'), { bytes_per_day: 0 });
  const spent = await call(runQuery, { json: { sql: 'SELECT sha FROM commits' } });
  expect(spent).toMatchObject({ status: 429, body: { code: 'bytes_budget_spent', day_limit_bytes: 0 } });
  expect(Number(spent.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await call(readSettings, {})).body).toMatchObject({ bytes_per_day: 0, day_bytes: 0 });
});

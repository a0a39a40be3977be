/** A query of the desk from its text to its row: what runs, what it says, what it bills, and what is kept of it. */
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dropDesks } from '@/dev/testing/desk/desk';
import { createWorld, type World } from '@/dev/testing/world';
import { readCaps } from '@/lib/domains/desk/caps/caps';
import { setDeskSettings } from '@/lib/domains/desk/caps/set-caps';
import { listQueries } from '@/lib/domains/desk/history/list-queries';
import { leastBytes } from '@/lib/domains/desk/rules';
import { estimateQuery } from '@/lib/domains/desk/run/estimate-query';
import { readResult } from '@/lib/domains/desk/run/read-result';
import { runQuery } from '@/lib/domains/desk/run/run-query';
import { listSavedQueries } from '@/lib/domains/desk/saved/saved-queries';
import { deskQueries } from '@/lib/domains/desk/tables';
import { applyLimits } from '@/lib/domains/quotas/counters';
import { auditLog } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';
import { randomText } from '@/lib/platform/ids';

let world: World;
const portal = { door: 'portal' } as const;
const run = (input: object, role: 'OWNER' | 'COLLABORATOR' | 'VIEWER' = 'COLLABORATOR') =>
  runQuery(world.as(role), input, portal);
const stored = async (queryId: string) =>
  (await db().select().from(deskQueries).where(eq(deskQueries.queryId, queryId)))[0];

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => dropDesks([world]));

test('a query answers its first page, and is on record with what it billed', async () => {
  const sql =
    'SELECT x, CONCAT("row ", CAST(x AS STRING)) AS words FROM UNNEST(GENERATE_ARRAY(1, 250)) AS x ORDER BY x';
  const before = await readCaps(world.as('OWNER'));
  const answer = await run({ sql, limit: 200 });
  expect(answer).toMatchObject({ status: 'COMPLETED', rowCount: 200, totalRows: 200, bytesBilled: 0, tables: [] });
  expect(answer.columns).toEqual([
    { name: 'x', type: 'INT64', repeated: false },
    { name: 'words', type: 'STRING', repeated: false },
  ]);
  expect(answer.rows).toHaveLength(100);
  expect(answer.rows[99]).toEqual({ x: 100, words: 'row 100' });
  expect(await stored(answer.queryId)).toMatchObject({
    customerId: world.customerId,
    askedBy: `user:${world.members.COLLABORATOR.userId}`,
    askedVia: 'portal',
    sql,
    executedSql: answer.sql,
    status: 'COMPLETED',
    jobId: `desk_${answer.queryId}`,
    rowCount: 200,
  });
  expect(answer.sql).toMatch(/LIMIT 200$/);
  expect((await readCaps(world.as('OWNER'))).dayBytes).toBe(before.dayBytes);
});

test.each([
  ['SELECT 1 AS a UNION ALL SELECT 2 ORDER BY a', [1, 2]],
  ['SELECT 1 AS a UNION DISTINCT SELECT 1', [1]],
  ['SELECT x AS a FROM UNNEST([1, 2]) AS x EXCEPT DISTINCT SELECT 2', [1]],
  ['SELECT x AS a FROM UNNEST([1, 2]) AS x INTERSECT DISTINCT SELECT 2', [2]],
  ['(SELECT 1 AS a)', [1]],
  ['(SELECT 1 AS a UNION ALL SELECT 2) ORDER BY a LIMIT 1', [1]],
  ['WITH one AS (SELECT 1 AS a) SELECT a FROM one UNION ALL SELECT 2 ORDER BY a', [1, 2]],
  ['WITH one AS (SELECT 1 AS a UNION ALL SELECT 2) SELECT a FROM one ORDER BY a', [1, 2]],
])('queries that join sets and queries in brackets are run: %s', async (sql, values) => {
  const answer = await run({ sql });
  expect(answer).toMatchObject({ status: 'COMPLETED', columns: [{ name: 'a', type: 'INT64', repeated: false }] });
  expect(answer.rows).toEqual(values.map(a => ({ a })));
});

test('a query that joins sets of tables names them all', async () => {
  const sql = 'SELECT sha AS id FROM commits UNION ALL SELECT execution_id FROM tool_executions';
  expect(await run({ sql })).toMatchObject({ tables: ['commits', 'tool_executions'], rows: [] });
});

test('a query of a table bills at least 10 MiB, which is taken from the day once', async () => {
  const before = await readCaps(world.as('OWNER'));
  const answer = await run({ sql: 'SELECT sha FROM commits' });
  expect(answer).toMatchObject({ tables: ['commits'], rows: [], totalRows: 0, bytesBilled: leastBytes });
  expect((await readCaps(world.as('OWNER'))).dayBytes).toBe(before.dayBytes + leastBytes);
});

test('a request that is sent again is the same query: at once, and later', async () => {
  const request = { sql: 'SELECT 1 AS one', request_token: `token-${randomText(10)}` };
  const [first, second] = await Promise.all([run(request), run(request)]);
  const third = await run(request);
  expect([second.queryId, third.queryId]).toEqual([first.queryId, first.queryId]);
  expect([first, second, third].map(({ rows }) => rows)).toEqual(Array(3).fill([{ one: 1 }]));
  await expect(run({ ...request, sql: 'SELECT 2 AS two' })).rejects.toMatchObject({ code: 'idempotency_mismatch' });
  const ofColleague = await run(request, 'OWNER');
  expect(ofColleague.queryId).not.toBe(first.queryId);
});

test('a request token answers no query of another LIMIT, or of a cap above the one named now', async () => {
  const request_token = `token-${randomText(10)}`;
  const first = await run({ sql: 'SELECT 1 AS one', limit: 5, max_bytes_billed: 3 * leastBytes, request_token });
  const again = (given: object) => run({ sql: 'SELECT 1 AS one', request_token, ...given });
  const mismatch = { code: 'idempotency_mismatch', details: { query_id: first.queryId } };
  await expect(again({})).rejects.toMatchObject(mismatch);
  await expect(again({ limit: 6 })).rejects.toMatchObject(mismatch);
  await expect(again({ limit: 5, max_bytes_billed: 2 * leastBytes })).rejects.toMatchObject(mismatch);
  expect((await again({ limit: 5, max_bytes_billed: 3 * leastBytes })).queryId).toBe(first.queryId);
  const own = { sql: 'SELECT 1 AS one LIMIT 5', request_token: `${request_token}-own` };
  expect((await run({ ...own, limit: 6 })).queryId).toBe((await run(own)).queryId);
});

test('where the result of a query that ran cannot be read, the error names the query', async () => {
  const request = { sql: 'SELECT 3 AS three', request_token: `token-${randomText(10)}` };
  const { queryId } = await run(request);
  const later = { ...world.as('COLLABORATOR'), clock: () => new Date(Date.now() + 25 * 3_600_000) };
  await expect(runQuery(later, request, portal)).rejects.toMatchObject({
    code: 'result_expired',
    details: { query_id: queryId },
  });
});

test('a text that is refused says where, and is neither on record nor counted', async () => {
  const before = await readCaps(world.as('OWNER'));
  await expect(run({ sql: 'DROP TABLE commits' })).rejects.toMatchObject({
    code: 'query_refused',
    details: { layer: 'text' },
  });
  await expect(run({ sql: 'SELECT nothing_here FROM commits' })).rejects.toMatchObject({
    code: 'query_refused',
    details: { layer: 'analyzer', line: 1 },
  });
  await expect(run({ sql: ' ' })).rejects.toMatchObject({ code: 'invalid_input' });
  await expect(run({ sql: 'SELECT 1 AS one' }, 'VIEWER')).rejects.toMatchObject({ code: 'forbidden' });
  expect((await readCaps(world.as('OWNER'))).dayBytes).toBe(before.dayBytes);
});

test('an estimate above the cap is refused before anything is billed', async () => {
  const before = await readCaps(world.as('OWNER'));
  const sql = 'SELECT a.sha FROM commits a JOIN pull_requests b ON TRUE';
  await expect(run({ sql, max_bytes_billed: leastBytes })).rejects.toMatchObject({
    code: 'query_over_cap',
    details: { estimated_bytes: 2 * leastBytes, cap_bytes: leastBytes },
  });
  expect((await readCaps(world.as('OWNER'))).dayBytes).toBe(before.dayBytes);
});

test('the audit log says that a query ran and of what, and not its text', async () => {
  const mark = `mark${randomText(8)}`;
  const { queryId } = await run({ sql: `SELECT '${mark}' AS ${mark} FROM commits` });
  const rows = await db().select().from(auditLog).where(eq(auditLog.targetId, queryId));
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({
    action: 'desk.run_query',
    targetType: 'query',
    after: { asked_via: 'portal', tables: ['commits'], estimated_bytes: leastBytes },
  });
  expect(JSON.stringify(rows)).not.toContain(mark);
});

test('a day whose bytes are spent refuses until midnight, and asks nothing of BigQuery', async () => {
  const other = await createWorld();
  await setDeskSettings(other.as('ADMIN'), { bytes_per_day: leastBytes });
  const ask = () => runQuery(other.as('OWNER'), { sql: 'SELECT sha FROM commits' }, portal);
  await ask();
  const error = await ask().catch((reason: unknown) => reason as { retryAfterSeconds: number });
  expect(error).toMatchObject({
    code: 'bytes_budget_spent',
    details: { estimated_bytes: leastBytes, day_bytes: leastBytes, day_limit_bytes: leastBytes },
  });
  expect((error as { retryAfterSeconds: number }).retryAfterSeconds).toBeLessThanOrEqual(86_400);
  await expect(runQuery(other.as('OWNER'), { sql: 'SELECT 1 AS one' }, portal)).resolves.toMatchObject({
    bytesBilled: 0,
  });
  await dropDesks([other]);
});

test('once the plan has ended nothing is run, and what ran, its result and estimates are read as before', async () => {
  const other = await createWorld();
  const owner = other.as('OWNER');
  const request = { sql: 'SELECT 1 AS one', request_token: `token-${randomText(10)}` };
  const { queryId } = await runQuery(owner, request, portal);
  await applyLimits(db(), other.customerId, { refusalReason: 'subscription_inactive' });
  await expect(runQuery(owner, { sql: 'SELECT 2 AS two' }, portal)).rejects.toMatchObject({
    code: 'subscription_inactive',
  });
  expect((await listQueries(owner, {})).queries.map(query => query.queryId)).toEqual([queryId]);
  expect((await readResult(owner, {}, queryId)).rows).toEqual([{ one: 1 }]);
  expect((await runQuery(owner, request, portal)).queryId).toBe(queryId);
  expect(await estimateQuery(owner, { sql: 'SELECT 2 AS two' })).toMatchObject({ fits: 'yes' });
  expect(await listSavedQueries(owner, {})).toEqual([]);
  await applyLimits(db(), other.customerId, { refusalReason: null });
  await expect(runQuery(owner, { sql: 'SELECT 2 AS two' }, portal)).resolves.toMatchObject({ status: 'COMPLETED' });
  await dropDesks([other]);
});

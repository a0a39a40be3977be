/** A result is its asker's alone: read by pages and as a file for 24 hours, and nothing of it is lost or run by a spreadsheet. */
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dropDesks, keyCtx } from '@/dev/testing/desk/desk';
import { insertDeskQuery } from '@/dev/testing/desk/queries';
import { createWorld, type World } from '@/dev/testing/world';
import { resultHours, resultRows } from '@/lib/domains/desk/rules';
import { readQuery, readResult } from '@/lib/domains/desk/run/read-result';
import { resultCsv } from '@/lib/domains/desk/run/result-csv';
import { runQuery } from '@/lib/domains/desk/run/run-query';
import { deskQueries } from '@/lib/domains/desk/tables';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { db } from '@/lib/platform/db';

let world: World;
let owner: CustomerCtx;
beforeAll(async () => {
  world = await createWorld();
  owner = world.as('OWNER');
});
afterAll(() => dropDesks([world]));

const run = (sql: string, ctx = owner, limit?: number) => runQuery(ctx, { sql, limit }, { door: 'portal' });
const numbers = (last: number) => `SELECT n FROM UNNEST(GENERATE_ARRAY(1, ${last})) AS n ORDER BY n`;
async function csvOf(ctx: CustomerCtx, queryId: string): Promise<string> {
  let text = '';
  for await (const piece of await resultCsv(ctx, queryId)) text += piece;
  return text;
}

test('pages are whole and in order, and the last one says that it is', async () => {
  const { queryId } = await run(numbers(250));
  const seen: unknown[] = [];
  let more = true;
  for (let offset = 0; more; ) {
    const page = await readResult(owner, { offset, limit: 100 }, queryId);
    expect(page.offset).toBe(offset);
    seen.push(...page.rows.map(({ n }) => n));
    offset += page.rows.length;
    more = page.more;
  }
  expect(seen).toEqual(Array.from({ length: 250 }, (_, index) => index + 1));
  expect(await readResult(owner, { offset: 250 }, queryId)).toMatchObject({ rows: [], more: false });
  await expect(readResult(owner, { offset: -1 }, queryId)).rejects.toMatchObject({ code: 'invalid_input' });
});

test('of a larger result 10,000 rows can be read, by pages and in the file', async () => {
  const answer = await run(`${numbers(10_050)} LIMIT 20000`);
  expect(answer).toMatchObject({ rowCount: resultRows, totalRows: 10_050 });
  const last = await readResult(owner, { offset: 9_990, limit: 100 }, answer.queryId);
  expect(last.rows.map(({ n }) => n)).toEqual([9_991, 9_992, 9_993, 9_994, 9_995, 9_996, 9_997, 9_998, 9_999, 10_000]);
  expect(last.more).toBe(false);
  const lines = (await csvOf(owner, answer.queryId)).trimEnd().split('\r\n');
  expect([lines[0], lines[1], lines.at(-1), lines.length]).toEqual(['n', '1', '10000', resultRows + 1]);
});

test('every type of BigQuery comes as JSON holds it', async () => {
  const { rows, columns } = await run(
    "SELECT 9007199254740993 AS whole, NUMERIC '1.50' AS decimal, TIMESTAMP '2026-01-31 12:00:00.5+00' AS at_time, [1, 2] AS list, " +
      "STRUCT(1 AS x, 'y' AS y) AS pair, DATE '2026-01-31' AS day, TRUE AS truth, IEEE_DIVIDE(0, 0) AS none",
  );
  expect(rows).toEqual([
    {
      whole: '9007199254740993',
      decimal: '1.5',
      at_time: '2026-01-31T12:00:00.5Z',
      list: [1, 2],
      pair: { x: 1, y: 'y' },
      day: '2026-01-31',
      truth: true,
      none: 'NaN',
    },
  ]);
  expect(columns.map(({ type }) => type)).toEqual('INT64 NUMERIC TIMESTAMP INT64 STRUCT DATE BOOL FLOAT64'.split(' '));
});

test('a long cell is cut in a page and whole in the file, where no cell is a formula', async () => {
  const { queryId, rows } = await run(
    "SELECT REPEAT('a', 10001) AS long, '=1+1' AS formula, -5 AS number, [1, 2] AS list",
  );
  expect(String(rows[0]?.long)).toContain('… (cut: 10,001 signs');
  expect(await csvOf(owner, queryId)).toBe(`long,formula,number,list\r\n${'a'.repeat(10_001)},'=1+1,-5,"[1,2]"\r\n`);
});

test('a colleague, a key of the same organization and a stranger do not find it', async () => {
  const { queryId } = await run('SELECT 1 AS secret');
  const key = keyCtx(world, { id: 'key_of_acme' });
  const stranger = await createWorld();
  for (const ctx of [world.as('ADMIN'), key, stranger.as('OWNER')]) {
    await expect(readResult(ctx, {}, queryId)).rejects.toMatchObject({ code: 'not_found' });
    await expect(readQuery(ctx, {}, queryId)).rejects.toMatchObject({ code: 'not_found' });
    await expect(resultCsv(ctx, queryId)).rejects.toMatchObject({ code: 'not_found' });
  }
  await expect(readResult(world.as('VIEWER'), {}, queryId)).rejects.toMatchObject({ code: 'forbidden' });
  await expect(resultCsv(world.as('VIEWER'), queryId)).rejects.toMatchObject({ code: 'forbidden' });
  for (const id of ['', 'a\0b', '../x', 'qry_nothing']) {
    await expect(readResult(owner, {}, id)).rejects.toMatchObject({ code: 'not_found' });
  }
  const ofKey = await runQuery(key, { sql: 'SELECT 2 AS own' }, { door: 'api' });
  await expect(readResult(owner, {}, ofKey.queryId)).rejects.toMatchObject({ code: 'not_found' });
  expect(await readResult(key, {}, ofKey.queryId)).toMatchObject({ rows: [{ own: 2 }] });
});

test('after 24 hours, or where BigQuery has it no longer, it is expired, and the query itself can be seen', async () => {
  const { queryId } = await run('SELECT 1 AS one');
  const later = { ...owner, clock: () => new Date(Date.now() + resultHours * 3_600_000 + 1_000) };
  await expect(readResult(later, {}, queryId)).rejects.toMatchObject({ code: 'result_expired', status: 410 });
  await expect(resultCsv(later, queryId)).rejects.toMatchObject({ code: 'result_expired' });
  await db()
    .update(deskQueries)
    .set({ jobId: `${queryId}_gone` })
    .where(eq(deskQueries.queryId, queryId));
  await expect(readResult(owner, {}, queryId)).rejects.toMatchObject({ code: 'result_expired' });
  const seen = await readQuery(owner, {}, queryId);
  expect(seen).toMatchObject({ status: 'COMPLETED', rowCount: 1, resultUntil: expect.any(Date) });
});

test('a query that failed has no rows and says why; it has no file', async () => {
  const { queryId } = await insertDeskQuery(world, { status: 'FAILED', errorMessage: 'division by zero' });
  const answer = await readResult(owner, {}, queryId);
  expect(answer).toMatchObject({
    rows: [],
    columns: [],
    query: { status: 'FAILED', errorMessage: 'division by zero' },
  });
  await expect(resultCsv(owner, queryId)).rejects.toMatchObject({ code: 'conflict' });
});

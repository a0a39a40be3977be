/** Agents read on in the result of a query to its end, without gaps and without a bill, and nobody else's. */
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { customerKey, type TestKey, transports } from '@/dev/testing/data-plane';
import { keyCtx } from '@/dev/testing/desk/desk';
import { insertDeskQuery } from '@/dev/testing/desk/queries';
import { type McpDoor, mcpDoor } from '@/dev/testing/mcp/calls';
import { createWorld, type World } from '@/dev/testing/world';
import { deskQueries } from '@/lib/domains/desk/tables';
import { db } from '@/lib/platform/db';

let door: McpDoor;
let world: World;
let made: TestKey;
let [key, other] = ['', ''];
beforeAll(async () => {
  const [transport] = transports;
  if (!transport) throw new Error('the data plane has no transport');
  [door, world] = await Promise.all([mcpDoor(transport), createWorld()]);
  made = await customerKey(world);
  key = made.text;
  other = (await customerKey(await createWorld())).text;
});
afterAll(() => door.close());

const numbers = (last: number) => `SELECT x FROM UNNEST(GENERATE_ARRAY(1, ${last})) AS x ORDER BY x`;

const read = (args: object, whose = key) => door.call('query_rows', args, whose);
type Page = { rows: { x: number }[]; note: string | null };
/** The rows of a query, by what each answer says of how to read on. */
async function all(sql: string): Promise<number[]> {
  const first = (await door.call('run_query', { sql }, key)).data as Page & { query_id: string };
  const seen = first.rows.map(({ x }) => x);
  for (let { note } = first; note !== null; ) {
    const offset = Number(/query_rows with offset (\d+)/.exec(note)?.[1]);
    const page = (await read({ query_id: first.query_id, offset })).data as Page;
    seen.push(...page.rows.map(({ x }) => x));
    note = page.note;
  }
  return seen;
}
const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

test('reads on to the end of a long result, and bills nothing', async () => {
  const ran = async () => {
    const rows = await db().select().from(deskQueries).where(eq(deskQueries.customerId, world.customerId));
    return { queries: rows.length, bytes: rows.reduce((sum, { bytesBilled }) => sum + (bytesBilled ?? 0), 0) };
  };
  const before = await ran();
  expect(await all(numbers(250))).toEqual(upTo(250));
  expect(await ran()).toEqual({ ...before, queries: before.queries + 1 });
});

test('where rows were cut because they are wide, it goes on with the first that is missing', async () => {
  const wide = `SELECT x, REPEAT('y', 9000) AS wide FROM UNNEST(GENERATE_ARRAY(1, 130)) AS x ORDER BY x`;
  expect(await all(wide)).toEqual(upTo(130));
});

test('as many rows as are asked for; behind the last one none', async () => {
  const { query_id } = (await door.call('run_query', { sql: numbers(20) }, key)).data;
  const few = await read({ query_id, offset: 5, limit: 2 });
  expect(few.data).toMatchObject({
    ...{ query_id, status: 'COMPLETED', offset: 5, row_count: 20, rows: [{ x: 6 }, { x: 7 }] },
    columns: [{ name: 'x', type: 'INT64', repeated: false }],
  });
  expect(few.texts[0]).toMatch(/^The result has 20 rows\. Rows 6 to 7 of 20: query_rows with offset 7/);
  expect((await read({ query_id, offset: 20 })).data).toMatchObject({ rows: [], note: null });
});

test('a query that has no rows says why', async () => {
  const asker = keyCtx(world, made);
  const of = async (given: Parameters<typeof insertDeskQuery>[1]) => {
    const { queryId } = await insertDeskQuery(world, given, asker);
    return read({ query_id: queryId });
  };
  const failed = await of({ status: 'FAILED', errorMessage: 'Division by zero.' });
  expect([failed.data.rows, failed.texts[0]]).toEqual([[], 'The query failed: Division by zero.']);
  expect((await of({})).texts[0]).toBe('The query runs; ask again for its rows.');
  const lost = await of({ status: 'LOST', bytesBilled: 0, endedAt: new Date() });
  expect(lost.texts[0]).toMatch(/^Nobody could say/);
  const startedAt = new Date(Date.now() - 25 * 3_600_000);
  const old = await of({ status: 'COMPLETED', rowCount: 3, startedAt, endedAt: startedAt });
  expect([old.isError, old.problem.code]).toEqual([true, 'result_expired']);
});

test('the query of a person, of another key and of nobody are all not found', async () => {
  const { queryId } = await insertDeskQuery(world);
  const { query_id } = (await door.call('run_query', { sql: 'SELECT 1 AS one' }, other)).data;
  for (const id of [queryId, query_id, 'qry_nobody'])
    expect((await read({ query_id: id })).problem.code).toBe('not_found');
});

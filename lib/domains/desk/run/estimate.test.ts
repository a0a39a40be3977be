/** A text says what it would read and cost before it runs, and nothing is billed or on record for that. */
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dropDesks } from '@/dev/testing/desk/desk';
import { postgresAnswers } from '@/dev/testing/desk/postgres-answers';
import { insertSource, insertTable } from '@/dev/testing/events/sources';
import { createWorld, type World } from '@/dev/testing/world';
import { setDeskSettings } from '@/lib/domains/desk/caps/set-caps';
import { eventTableName } from '@/lib/domains/desk/catalog/event-tables';
import { withinCheckBudget } from '@/lib/domains/desk/check/check-budget';
import { leastBytes, usdOfBytes } from '@/lib/domains/desk/rules';
import { estimateQuery } from '@/lib/domains/desk/run/estimate-query';
import { runQuery } from '@/lib/domains/desk/run/run-query';
import { deskDays, deskQueries } from '@/lib/domains/desk/tables';
import { db } from '@/lib/platform/db';
import { env } from '@/lib/platform/env';

let world: World;
const estimate = (input: object, role: 'OWNER' | 'VIEWER' = 'OWNER') => estimateQuery(world.as(role), input);
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => dropDesks([world]));

test('an estimate names tables, columns, bytes, dollars and what may be billed', async () => {
  await setDeskSettings(world.as('OWNER'), { max_bytes_per_query: 4 * leastBytes, bytes_per_day: 3 * leastBytes });
  expect(await estimate({ sql: 'SELECT sha FROM commits;' })).toEqual({
    sql: expect.stringMatching(/^SELECT sha FROM commits\s+LIMIT 1000$/),
    tables: [{ name: 'commits' }],
    columns: [{ name: 'sha', type: 'STRING', repeated: false }],
    estimatedBytes: leastBytes,
    usd: usdOfBytes(leastBytes, env().BIGQUERY_USD_PER_TIB),
    capBytes: 4 * leastBytes,
    dayBytes: 0,
    dayLimitBytes: 3 * leastBytes,
    fits: 'yes',
  });
});

test('a text without tables costs nothing', async () =>
  expect(await estimate({ sql: 'SELECT 1 AS one' })).toMatchObject({
    estimatedBytes: 0,
    usd: 0,
    tables: [],
    fits: 'yes',
  }));

test('what does not fit is told, and not thrown', async () => {
  const sql = 'SELECT a.sha FROM commits AS a JOIN pull_requests AS b ON TRUE';
  expect(await estimate({ sql, max_bytes_billed: leastBytes })).toMatchObject({ fits: 'over_cap' });
  await setDeskSettings(world.as('OWNER'), { bytes_per_day: leastBytes });
  expect(await estimate({ sql })).toMatchObject({ fits: 'over_day', estimatedBytes: 2 * leastBytes });
});

test('where the day is set to 0 no text runs, one without tables neither', async () => {
  const closed = await createWorld();
  const sql = 'SELECT 1 AS one';
  await setDeskSettings(closed.as('OWNER'), { bytes_per_day: 0 });
  expect(await estimateQuery(closed.as('OWNER'), { sql })).toMatchObject({ fits: 'over_day', estimatedBytes: 0 });
  await expect(runQuery(closed.as('OWNER'), { sql }, { door: 'portal' })).rejects.toMatchObject({
    code: 'bytes_budget_spent',
    message: expect.stringContaining('set to 0'),
  });
});

test('what is refused, wrong or not allowed is said as when it runs, and nothing is left of any of it', async () => {
  await expect(estimate({ sql: 'SELECT 1; SELECT 2' })).rejects.toMatchObject({ code: 'query_refused' });
  await expect(estimate({ sql: 'SELECT x FROM customers' })).rejects.toMatchObject({ code: 'query_refused' });
  await expect(estimate({ sql: 'SELECT 1', limit: 10_001 })).rejects.toMatchObject({ code: 'invalid_input' });
  await expect(estimate({ sql: 'SELECT 1', max_bytes_billed: 1 })).rejects.toMatchObject({ code: 'invalid_input' });
  await expect(estimate({ sql: 'SELECT 1' }, 'VIEWER')).rejects.toMatchObject({ code: 'forbidden' });
  expect(await db().select().from(deskQueries).where(eq(deskQueries.customerId, world.customerId))).toEqual([]);
  expect(await db().select().from(deskDays).where(eq(deskDays.customerId, world.customerId))).toEqual([]);
});

test('of many columns those of the tables that a text names are read, none for a text that is refused, and nothing once the check’s time is up', async () => {
  const own = await createWorld();
  const ask = (sql: string) => estimateQuery(own.as('OWNER'), { sql });
  const source = await insertSource(own);
  await insertTable(source, 'named', { id: 'STRING', of_the_named: 'STRING' });
  await insertTable(source, 'other', { id: 'STRING', of_the_other: 'STRING' });
  const answers = postgresAnswers();
  const read = () => answers.map(({ rows }) => rows).join();
  await expect(ask('SELECT id FROM of_nobody')).rejects.toMatchObject({ code: 'query_refused' });
  expect(read()).toContain('named');
  expect(read()).not.toContain('of_the_');
  const name = eventTableName(source.dataset, 'named');
  await expect(ask(`SELECT no_column FROM ${name}`)).rejects.toMatchObject({
    message: expect.stringContaining('Unrecognized name: no_column'),
  });
  expect(read()).toContain('of_the_named');
  expect(read()).not.toContain('of_the_other');
  await withinCheckBudget(own.customerId, async worked => worked(3_000));
  answers.length = 0;
  await expect(ask('SELECT 1 AS one')).rejects.toMatchObject({ code: 'rate_limited' });
  expect(read()).not.toContain(source.dataset);
});

/** A query whose process ended is settled by its job: what it billed counts, once, and what nobody can tell of stays counted. */
import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dropDesks } from '@/dev/testing/desk/desk';
import { insertDeskQuery } from '@/dev/testing/desk/queries';
import { problem, startServiceDouble } from '@/dev/testing/desk/service-double';
import { createWorld, type World } from '@/dev/testing/world';
import { forgetQueriesJob } from '@/lib/domains/desk/jobs';
import { historyDays, leastBytes, lostMinutes } from '@/lib/domains/desk/rules';
import { takeBytes } from '@/lib/domains/desk/run/budget';
import { carryOut } from '@/lib/domains/desk/run/carry-out';
import { jobOf } from '@/lib/domains/desk/run/end-query';
import { settleByJob } from '@/lib/domains/desk/run/follow-query';
import { settleLostQueries } from '@/lib/domains/desk/run/lost-queries';
import { readQuery, readResult } from '@/lib/domains/desk/run/read-result';
import { type DeskQuery, deskDays, deskQueries } from '@/lib/domains/desk/tables';
import { systemCtx } from '@/lib/kernel/ctx';
import { bigquery, createBigQuery } from '@/lib/platform/bigquery/bigquery';
import { runQueryJob } from '@/lib/platform/bigquery/query-job';
import { utcDay } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';
import { newId } from '@/lib/platform/ids';

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);
const all = () => settleLostQueries(systemCtx('test'));
const dayBytes = async ({ customerId }: World, at: Date) => {
  const ofDay = and(eq(deskDays.customerId, customerId), eq(deskDays.day, utcDay(at)));
  return (await db().select().from(deskDays).where(ofDay))[0]?.bytes ?? 0;
};
const stored = async ({ queryId }: DeskQuery) =>
  (await db().select().from(deskQueries).where(eq(deskQueries.queryId, queryId)))[0];

/** A query whose bytes are taken, of a text without tables. */
async function reserved(world: World, startedAt: Date, sql = 'SELECT 1 AS one'): Promise<DeskQuery> {
  const queryId = newId('qry');
  const query = await db().transaction(tx =>
    takeBytes(tx, {
      queryId,
      customerId: world.customerId,
      askedBy: `user:${world.members.OWNER.userId}`,
      askedVia: 'api',
      sql,
      executedSql: sql,
      tables: ['commits'],
      status: 'RUNNING',
      jobId: `desk_${queryId}`,
      estimatedBytes: 3 * leastBytes,
      capBytes: 9 * leastBytes,
      startedAt,
    }),
  );
  if (!query) throw new Error('the query was not stored');
  return query;
}

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => dropDesks([world]));

test('a query whose process ended after it was sent is settled by its job, by whoever looks first', async () => {
  const startedAt = minutesAgo(3);
  const before = await dayBytes(world, startedAt);
  const query = await reserved(world, startedAt);
  await runQueryJob(jobOf(world.as('OWNER'), query), bigquery());
  expect(await dayBytes(world, startedAt)).toBe(before + 3 * leastBytes);
  await Promise.all([all(), all(), settleByJob(world.as('OWNER'), query), carryOut(world.as('OWNER'), query)]);
  expect(await stored(query)).toMatchObject({ status: 'COMPLETED', bytesBilled: leastBytes, rowCount: 1 });
  expect(await dayBytes(world, startedAt)).toBe(before + leastBytes);
});

test('its asker reads the result as soon as the job has ended, before any job of ours looks', async () => {
  const query = await reserved(world, new Date());
  expect(await readQuery(world.as('OWNER'), {}, query.queryId)).toMatchObject({ status: 'RUNNING', bytesBilled: null });
  await runQueryJob(jobOf(world.as('OWNER'), query), bigquery());
  const result = await readResult(world.as('OWNER'), {}, query.queryId);
  expect(result).toMatchObject({ rows: [{ one: 1 }], more: false, query: { status: 'COMPLETED' } });
});

test('a query that was never sent fails without a byte, and cannot run any more', async () => {
  const startedAt = minutesAgo(3);
  const before = await dayBytes(world, startedAt);
  const query = await reserved(world, startedAt);
  await all();
  expect(await stored(query)).toMatchObject({ status: 'FAILED', bytesBilled: 0 });
  expect((await stored(query))?.errorMessage).toContain('Nothing was billed');
  expect(await dayBytes(world, startedAt)).toBe(before);
});

test('one that its own process may yet send is left alone', async () => {
  const query = await reserved(world, new Date());
  await all();
  await settleByJob(world.as('OWNER'), query);
  expect(await stored(query)).toMatchObject({ status: 'RUNNING' });
  await carryOut(world.as('OWNER'), query);
  expect(await stored(query)).toMatchObject({ status: 'COMPLETED' });
});

test('one of which nobody can tell is lost after 15 minutes with its estimate counted, and may be settled yet', async () => {
  const other = await createWorld();
  const startedAt = minutesAgo(lostMinutes + 1);
  const query = await reserved(other, startedAt);
  const away = await startServiceDouble();
  away.answer = () => problem(503, 'backendError');
  await settleLostQueries(systemCtx('test'), async () => createBigQuery({ projectId: 'p', apiUrl: away.url }));
  away.close();
  expect(await stored(query)).toMatchObject({ status: 'LOST', bytesBilled: null });
  expect(await dayBytes(other, startedAt)).toBe(3 * leastBytes);
  await runQueryJob(jobOf(other.as('OWNER'), query), bigquery());
  await all();
  expect(await stored(query)).toMatchObject({ status: 'COMPLETED', bytesBilled: leastBytes, errorMessage: null });
  expect(await dayBytes(other, startedAt)).toBe(leastBytes);
});

test('one whose result BigQuery has thrown away is settled by what its job billed', async () => {
  const startedAt = minutesAgo(3);
  const before = await dayBytes(world, startedAt);
  const query = await reserved(world, startedAt);
  const double = await startServiceDouble();
  const job = { status: { state: 'DONE' }, statistics: { query: { totalBytesBilled: String(2 * leastBytes) } } };
  double.answer = ({ path }) => (path.includes('/jobs/') ? { json: job } : problem(404, 'notFound'));
  await settleByJob(world.as('OWNER'), query, async () => createBigQuery({ projectId: 'p', apiUrl: double.url }));
  double.close();
  expect(await stored(query)).toMatchObject({ status: 'COMPLETED', bytesBilled: 2 * leastBytes, rowCount: null });
  expect(await dayBytes(world, startedAt)).toBe(before + 2 * leastBytes);
  await expect(readResult(world.as('OWNER'), {}, query.queryId)).rejects.toMatchObject({ code: 'result_expired' });
});

test('queries are forgotten after 90 days, with what their days billed', async () => {
  const old = await insertDeskQuery(world, { status: 'FAILED', startedAt: minutesAgo((historyDays + 2) * 1_440) });
  const recent = await insertDeskQuery(world, { status: 'FAILED', startedAt: minutesAgo((historyDays - 1) * 1_440) });
  await forgetQueriesJob.run(systemCtx('test'));
  expect(await stored(old)).toBeUndefined();
  expect(await stored(recent)).toBeDefined();
});

/** Rows are kept for ever unless the customer says otherwise; what days came to stays when their rows go. */
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { and, eq } from 'drizzle-orm';
import { afterAll, expect, test } from 'vitest';
import { daysOf, namedRow, withParquet } from '@/dev/testing/traces/named-rows';
import { createWorld, type World } from '@/dev/testing/world';
import { writeTraces } from '@/lib/domains/traces/load/write-traces';
import type { PricedRow } from '@/lib/domains/traces/normalize/trace-row';
import { datasetFolder } from '@/lib/domains/traces/parquet/partition';
import { expireTraces } from '@/lib/domains/traces/retention/expire-traces';
import { readRetention, setRetention } from '@/lib/domains/traces/retention/set-retention';
import { etlRuns } from '@/lib/domains/traces/tables';
import { bigquery, bigqueryRequest, runStatement } from '@/lib/platform/bigquery/bigquery';
import { systemClock } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';
import { newId } from '@/lib/platform/ids';

const worlds: World[] = [];
async function newWorld(): Promise<World> {
  const world = await createWorld();
  worlds.push(world);
  return world;
}
afterAll(async () => {
  const drop = ({ tenantDatasetId: dataset }: World) =>
    bigqueryRequest(bigquery(), { method: 'DELETE', uri: `/datasets/${dataset}`, qs: { deleteContents: true } });
  await Promise.allSettled(worlds.map(drop));
});

const write = ({ customerId, tenantDatasetId: dataset }: World, rows: readonly PricedRow[]) =>
  withParquet(rows, parquetFile => {
    const jobIds = ['stage', 'details', 'sessions'].map(step => `tenantry_test_${step}_${newId('job')}`);
    const days = daysOf(rows);
    const given = { customerId, dataset, parquetFile, rows: rows.length, days, jobIds };
    return writeTraces({ bigquery: bigquery(), clock: systemClock, ...given });
  });
const ask = async ({ tenantDatasetId }: World, table: string, columns: string, order = columns) => {
  const sql = `SELECT ${columns} FROM \`${tenantDatasetId}.${table}\` ORDER BY ${order}`;
  return (await runStatement({ name: 'test/rows', sql })).rows;
};
const expire = (world: World, day: string) =>
  expireTraces({ clock: () => new Date(`${day}T03:40:00Z`), customerId: world.customerId });
const keep = (world: World, days: number | null) => setRetention(world.as('ADMIN'), { keep_days: days });
const runsOf = ({ customerId }: World) =>
  db()
    .select()
    .from(etlRuns)
    .where(and(eq(etlRuns.customerId, customerId), eq(etlRuns.job, 'expire-traces')))
    .orderBy(etlRuns.id);

const on = (name: string, event_date: string, more: Partial<PricedRow> = {}) => namedRow(name, { event_date, ...more });

test('without a choice all rows are kept, and only admins choose', async () => {
  const world = await newWorld();
  await write(world, [on('a', '2020-01-01')]);
  expect(await expire(world, '2026-03-01')).toMatchObject({ customers: 0, rows: 0 });
  expect(await ask(world, 'sessions', 'session_id')).toHaveLength(1);
  expect(await readRetention(world.as('VIEWER'), {})).toEqual({ keep_days: null });
  await expect(setRetention(world.as('COLLABORATOR'), { keep_days: 90 })).rejects.toMatchObject({ code: 'forbidden' });
  await expect(setRetention(world.as('OWNER'), { keep_days: 29 })).rejects.toMatchObject({ code: 'invalid_input' });
  await keep(world, 90);
  expect(await readRetention(world.as('VIEWER'), {})).toEqual({ keep_days: 90 });
  await setRetention(world.as('ADMIN'), { keep_days: '' });
  expect(await readRetention(world.as('VIEWER'), {})).toEqual({ keep_days: null });
});

test('rows beyond the limit go and their days’ sums stay; a repeat and a late row count once', async () => {
  const world = await newWorld();
  const rows = [
    on('a', '2026-01-01', { book_cost_usd: 0.25, cache_read_tokens: 10, accepted_flag: 1 }),
    on('b', '2026-01-01', { error_code: '429', status_code: 429 }),
    on('c', '2026-01-01', { model: null, provider: null, repo_slug: null, developer_id: null, session_id: null }),
    on('d', '2026-01-30'),
    on('e', '2026-01-31'),
  ];
  await write(world, rows);
  await keep(world, 30);
  expect(await expire(world, '2026-03-02')).toMatchObject({ customers: 1, rows: 4, failed: 0 });
  expect(await ask(world, 'sessions', 'session_id')).toEqual([{ session_id: 'session e' }]);
  expect(await ask(world, 'session_details', 'trace_hash')).toHaveLength(1);
  const days = () =>
    ask(
      world,
      'ai_usage_days',
      'event_date, model, requests, sessions, failed, flagged, tokens_in, cache_read_tokens, book_cost_usd, unpriced',
      'event_date, model',
    );
  const first = { event_date: '2026-01-01', model: 'openai/gpt-4o', failed: 1, flagged: 1, cache_read_tokens: 10 };
  expect(await days()).toMatchObject([
    { event_date: '2026-01-01', model: null, requests: 1, sessions: 1, unpriced: 1 },
    { ...first, requests: 2, sessions: 2, tokens_in: 500, book_cost_usd: 0.25, unpriced: 1 },
    { event_date: '2026-01-30', requests: 1 },
  ]);
  expect(await expire(world, '2026-03-02')).toMatchObject({ customers: 0, rows: 0 });
  await write(world, [on('late', '2026-01-01')]);
  await expire(world, '2026-03-02');
  expect((await days())[1]).toMatchObject({ ...first, requests: 3, tokens_in: 750, unpriced: 2 });
  expect(await runsOf(world)).toMatchObject([
    { state: 'COMPLETED', rowCount: 4, details: { keep_days: 30 } },
    { state: 'COMPLETED', rowCount: 1 },
  ]);
});

test('the Parquet files of the days that go, go with them', async () => {
  const world = await newWorld();
  const days = ['2026-01-01', '2026-01-31'];
  await write(
    world,
    days.map(day => on(day, day)),
  );
  const file = (day: string) =>
    join(datasetFolder(world.tenantDatasetId), 'repo=acme%2Fshop', `date=${day}`, 'traces.parquet');
  for (const day of days) await mkdir(dirname(file(day)), { recursive: true });
  for (const day of days) await writeFile(file(day), 'PAR1');
  await keep(world, 30);
  await expire(world, '2026-03-02');
  await expect(stat(file('2026-01-01'))).rejects.toMatchObject({ code: 'ENOENT' });
  expect((await stat(file('2026-01-31'))).size).toBe(4);
  await rm(datasetFolder(world.tenantDatasetId), { recursive: true });
});

test('a statement that BigQuery refuses leaves every row, and a run that says why', async () => {
  const world = await newWorld();
  await write(world, [on('a', '2026-01-01')]);
  await keep(world, 30);
  const uri = `/datasets/${world.tenantDatasetId}/tables/ai_usage_days`;
  await bigqueryRequest(bigquery(), { method: 'DELETE', uri });
  expect(await expire(world, '2026-03-02')).toMatchObject({ customers: 0, failed: 1 });
  expect(await ask(world, 'sessions', 'session_id')).toHaveLength(1);
  expect(await ask(world, 'session_details', 'trace_hash')).toHaveLength(1);
  const [run] = await runsOf(world);
  expect(run).toMatchObject({ state: 'FAILED', rowCount: 0 });
  expect(run?.error).toContain('ai_usage_days');
});

test('a customer that never sent anything has nothing to expire', async () => {
  const world = await newWorld();
  await keep(world, 30);
  expect(await expire(world, '2026-03-02')).toEqual({ customers: 0, rows: 0, busy: 0, failed: 0 });
});

/** A file of traces is in the customer's tables once, however often it is written; the last one sent wins, and every row keeps its number. */
import { afterAll, expect, test } from 'vitest';
import { daysOf, namedRow, withParquet } from '@/dev/testing/traces/named-rows';
import { createWorld, type World } from '@/dev/testing/world';
import { reserveIds } from '@/lib/domains/traces/load/reserve-ids';
import { writeTraces } from '@/lib/domains/traces/load/write-traces';
import type { PricedRow } from '@/lib/domains/traces/normalize/trace-row';
import { bigquery, bigqueryRequest, runStatement } from '@/lib/platform/bigquery/bigquery';
import { systemClock } from '@/lib/platform/clock';
import { newId } from '@/lib/platform/ids';
import { tables } from '@/lib/warehouse/rows/metadata';
import { loadDefinitions } from '@/lib/warehouse/schemas/definition';
import { newTable } from '@/lib/warehouse/schemas/resource';

const worlds: World[] = [];
async function newWorld(): Promise<World> {
  const world = await createWorld();
  worlds.push(world);
  return world;
}
afterAll(async () => {
  const drop = ({ tenantDatasetId }: World) =>
    bigqueryRequest(bigquery(), {
      method: 'DELETE',
      uri: `/datasets/${tenantDatasetId}`,
      qs: { deleteContents: true },
    });
  await Promise.allSettled(worlds.map(drop));
});

const newJobs = () => ['stage', 'details', 'sessions'].map(step => `tenantry_test_${step}_${newId('job')}`);
const write = (world: World, rows: readonly PricedRow[], more: { jobIds?: string[]; dataset?: string } = {}) =>
  withParquet(rows, parquetFile =>
    writeTraces({
      bigquery: bigquery(),
      clock: systemClock,
      customerId: world.customerId,
      dataset: world.tenantDatasetId,
      parquetFile,
      rows: rows.length,
      days: daysOf(rows),
      jobIds: newJobs(),
      ...more,
    }),
  );
const ask = async ({ tenantDatasetId }: World, table: string, columns = '*') =>
  (
    await runStatement({
      name: 'test/rows',
      sql: `SELECT ${columns} FROM \`${tenantDatasetId}.${table}\` ORDER BY trace_hash`,
    })
  ).rows;
const idsByHash = (rows: Record<string, unknown>[]) => new Map(rows.map(row => [row.trace_hash, row.id]));

test('rows arrive with the columns of the document, and what is always populated is never null', async () => {
  const world = await newWorld();
  const rows = [
    namedRow('a'),
    namedRow('b', { event_date: '2026-03-02', repo_slug: null, session_id: null, developer_id: null, model: null }),
    namedRow('c', { event_date: '2024-12-31', diff_ratio: 0.75, accepted_lines: 42, accepted_flag: 1 }),
  ];
  await write(world, rows);
  const stored = await ask(world, 'sessions');
  expect(stored).toHaveLength(3);
  expect(Object.keys(stored[0] ?? {})).toEqual(Object.keys(tables.sessions.columns));
  expect(stored.map(row => row.id).sort()).toEqual([1, 2, 3]);
  const always = ['id', 'timestamp', 'tokens_in', 'tokens_out', 'latency_ms', 'accepted_flag', 'event_date'];
  for (const row of stored)
    for (const column of [...always, 'total_tokens', 'cost_usd', 'trace_hash']) expect(row[column]).not.toBeNull();
  const byHash = new Map(stored.map(row => [row.trace_hash, row]));
  for (const { timestamp, ...row } of rows) {
    const found = byHash.get(row.trace_hash) ?? {};
    expect(found.timestamp).toEqual(new Date(timestamp));
    expect(row).toMatchObject(
      Object.fromEntries(Object.entries(found).filter(([name]) => !['id', 'timestamp'].includes(name))),
    );
  }
  const details = await ask(
    world,
    'session_details',
    'trace_hash, source, provider, is_stream, received_at, loaded_at',
  );
  expect(details.map(row => row.trace_hash)).toEqual(stored.map(row => row.trace_hash));
  for (const row of details) expect(row).toMatchObject({ source: 'document', provider: 'openai', is_stream: false });
});

test('a request sent again is one row with the later accepted_lines and its first number; others get new ones', async () => {
  const world = await newWorld();
  await write(world, [namedRow('a'), namedRow('b')]);
  const before = idsByHash(await ask(world, 'sessions'));
  const [a, b, c] = [namedRow('a', { accepted_lines: 7, book_cost_usd: 0.5 }), namedRow('b'), namedRow('c')];
  await write(world, [c, a]);
  const after = await ask(world, 'sessions', 'id, trace_hash, accepted_lines');
  const ids = idsByHash(after);
  expect(after).toHaveLength(3);
  expect(ids.get(a.trace_hash)).toBe(before.get(a.trace_hash));
  expect(ids.get(b.trace_hash)).toBe(before.get(b.trace_hash));
  expect(new Set(ids.values()).size).toBe(3);
  expect(after.find(row => row.trace_hash === a.trace_hash)).toMatchObject({ accepted_lines: 7 });
  const details = await ask(world, 'session_details', 'trace_hash, book_cost_usd');
  expect(details).toHaveLength(3);
  expect(details.find(row => row.trace_hash === a.trace_hash)).toMatchObject({ book_cost_usd: 0.5 });
});

test('a span sent again keeps the session and the developer of its trace where it comes without, and takes those it comes with', async () => {
  const world = await newWorld();
  const named = { session_id: 'conv-1', developer_id: 'mia@acme.io', source: 'otlp' } as const;
  const bare = { session_id: null, developer_id: null, source: 'otlp', accepted_lines: 7 } as const;
  await write(world, [namedRow('a', named), namedRow('b', bare)]);
  await write(world, [namedRow('a', bare), namedRow('b', named)]);
  const stored = await ask(world, 'sessions', 'trace_hash, session_id, developer_id, accepted_lines');
  const names = { session_id: 'conv-1', developer_id: 'mia@acme.io' };
  const expected = [
    { trace_hash: namedRow('a').trace_hash, ...names, accepted_lines: 7 },
    { trace_hash: namedRow('b').trace_hash, ...names, accepted_lines: null },
  ];
  expect(stored).toEqual(expected.sort((one, other) => one.trace_hash.localeCompare(other.trace_hash)));
});

test('the same jobs sent again change nothing', async () => {
  const world = await newWorld();
  const rows = [namedRow('a'), namedRow('b', { event_date: '2026-03-05' })];
  const jobIds = newJobs();
  await write(world, rows, { jobIds });
  const before = await ask(world, 'sessions');
  await write(world, rows, { jobIds });
  expect(await ask(world, 'sessions')).toEqual(before);
  expect(await ask(world, 'session_details', 'trace_hash')).toHaveLength(2);
});

test('numbers that are reserved at once never overlap', async () => {
  const { customerId } = await newWorld();
  const firsts = await Promise.all(Array.from({ length: 20 }, (_, index) => reserveIds(customerId, index + 1)));
  const taken = firsts.flatMap((first, index) => Array.from({ length: index + 1 }, (_, at) => first + at));
  expect(new Set(taken).size).toBe(210);
  expect(Math.min(...taken)).toBe(1);
});

test('rows of one customer never land in the dataset of another', async () => {
  const [world, other] = [await newWorld(), await newWorld()];
  await write(other, [namedRow('other')]);
  await expect(write(world, [namedRow('mine')], { dataset: other.tenantDatasetId })).rejects.toThrow(
    'is not of the customer',
  );
  expect(await ask(other, 'sessions', 'trace_hash')).toEqual([{ trace_hash: namedRow('other').trace_hash }]);
});

test('a table made by an earlier version gains the column it lacks, and keeps its rows', async () => {
  const world = await newWorld();
  const definition = loadDefinitions('metadata').find(({ table }) => table === 'sessions');
  if (!definition) throw new Error('sessions is not defined');
  const client = bigquery();
  const old = { ...definition, fields: definition.fields.filter(({ name }) => name !== 'accepted_lines') };
  const dataset = world.tenantDatasetId;
  const datasetReference = { projectId: client.projectId, datasetId: dataset };
  await bigqueryRequest(client, { method: 'POST', uri: '/datasets', json: { datasetReference } });
  const json = newTable(client.projectId, dataset, old);
  await bigqueryRequest(client, { method: 'POST', uri: `/datasets/${dataset}/tables`, json });
  const { trace_hash: hash } = namedRow('old');
  await runStatement({
    name: 'test/old-row',
    sql: `INSERT INTO \`${dataset}.sessions\` (id, timestamp, tokens_in, tokens_out, latency_ms, accepted_flag, event_date, total_tokens, cost_usd, trace_hash)
      VALUES (1, TIMESTAMP '2026-03-01 10:00:00+00', 1, 2, 3.0, 0, DATE '2026-03-01', 3, 0.1, '${hash}')`,
  });
  await reserveIds(world.customerId, 1);
  await write(world, [namedRow('new', { accepted_lines: 3 })]);
  const rows = await ask(world, 'sessions', 'id, trace_hash, accepted_lines');
  expect(rows).toHaveLength(2);
  expect(rows).toContainEqual({ id: 1, trace_hash: hash, accepted_lines: null });
  expect(rows).toContainEqual({ id: 2, trace_hash: namedRow('new').trace_hash, accepted_lines: 3 });
});

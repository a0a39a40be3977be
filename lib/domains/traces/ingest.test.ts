/** Wherever a crash falls between the spool and BigQuery, each request is one row of the customer's tables, and the last one sent wins. */
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { RefusingProxy } from '@/dev/doubles/warehouse/refusing-proxy';
import { namedRow } from '@/dev/testing/traces/named-rows';
import { createWorld, type World } from '@/dev/testing/world';
import { traceIngest } from '@/lib/domains/traces/ingest';
import type { PricedRow } from '@/lib/domains/traces/normalize/trace-row';
import { dataVersions } from '@/lib/kernel/tables';
import { bigquery, bigqueryRequest, createBigQuery, runStatement } from '@/lib/platform/bigquery/bigquery';
import { db } from '@/lib/platform/db';
import { env } from '@/lib/platform/env';
import { newId } from '@/lib/platform/ids';
import type { LoaderDeps } from '@/lib/warehouse/ingest/load/deps';
import { loadOnce } from '@/lib/warehouse/ingest/load/loader';
import { writeChunks } from '@/lib/warehouse/ingest/spool/write-chunks';
import { ingestDeadRows, ingestLoads } from '@/lib/warehouse/ingest/tables';

const proxy = new RefusingProxy(env().BIGQUERY_API_URL ?? '');
let client: ReturnType<typeof createBigQuery>;
const worlds: World[] = [];
async function newWorld(): Promise<World> {
  const world = await createWorld();
  worlds.push(world);
  return world;
}
beforeAll(async () => {
  client = createBigQuery({ projectId: env().GOOGLE_CLOUD_PROJECT, apiUrl: await proxy.listen() });
});
beforeEach(() => {
  proxy.faults.length = 0;
  proxy.poison = null;
  proxy.down = false;
  proxy.dieAfter = null;
});
afterAll(async () => {
  proxy.close();
  const drop = ({ tenantDatasetId: dataset }: World) =>
    bigqueryRequest(bigquery(), { method: 'DELETE', uri: `/datasets/${dataset}`, qs: { deleteContents: true } });
  await Promise.allSettled(worlds.map(drop));
});

const deps = (hooks: LoaderDeps['hooks'] = {}): LoaderDeps => ({
  bigquery: client,
  definitions: [traceIngest],
  limits: { propagationMs: [50, 100] },
  hooks,
});
const load = (of: World[], hooks?: LoaderDeps['hooks']) =>
  loadOnce(deps(hooks), { datasets: of.map(({ tenantDatasetId }) => tenantDatasetId) });
const put = ({ customerId, tenantDatasetId: dataset }: World, rows: readonly PricedRow[]) =>
  db().transaction(tx =>
    writeChunks(tx, [
      {
        chunkId: newId('chk'),
        log: 'traces',
        dataset,
        tableName: 'sessions',
        customerId,
        mode: 'keyed',
        columns: {},
        ndjson: rows.map(row => `${JSON.stringify(row)}\n`).join(''),
        rows: rows.length,
      },
    ]),
  );
const ask = async ({ tenantDatasetId: dataset }: World, table: string, columns: string) =>
  (await runStatement({ name: 'test/rows', sql: `SELECT ${columns} FROM \`${dataset}.${table}\` ORDER BY trace_hash` }))
    .rows;
const loadsOf = ({ tenantDatasetId: dataset }: World) =>
  db().select().from(ingestLoads).where(eq(ingestLoads.dataset, dataset)).orderBy(ingestLoads.startedAt);

/** Both tables hold exactly these requests, no number is given twice, and nothing is left of the stages that were done with. */
async function expectRows(world: World, rows: readonly PricedRow[]): Promise<void> {
  const hashes = rows.map(row => row.trace_hash).sort();
  const sessions = await ask(world, 'sessions', 'id, trace_hash, accepted_lines');
  expect(sessions.map(row => row.trace_hash)).toEqual(hashes);
  expect(new Set(sessions.map(row => row.id)).size).toBe(rows.length);
  const lines = new Map(rows.map(row => [row.trace_hash, row.accepted_lines]));
  for (const row of sessions) expect(row.accepted_lines).toBe(lines.get(String(row.trace_hash)));
  expect((await ask(world, 'session_details', 'trace_hash')).map(row => row.trace_hash)).toEqual(hashes);
}
const died = () => Promise.reject(new Error('the process is gone'));

test('the last one of a hash wins within a batch and across batches, in a dataset that did not exist', async () => {
  const world = await newWorld();
  await put(world, [namedRow('a', { accepted_lines: 1 }), namedRow('b'), namedRow('a', { accepted_lines: 2 })]);
  expect(await load([world])).toMatchObject({ failures: [] });
  await expectRows(world, [namedRow('a', { accepted_lines: 2 }), namedRow('b')]);
  await put(world, [namedRow('c'), namedRow('a', { accepted_lines: 3 })]);
  await put(world, [namedRow('b', { accepted_lines: 4 })]);
  expect(await load([world])).toMatchObject({ failures: [] });
  await expectRows(world, [namedRow('a', { accepted_lines: 3 }), namedRow('b', { accepted_lines: 4 }), namedRow('c')]);
  const versions = await db().select().from(dataVersions).where(eq(dataVersions.customerId, world.customerId));
  expect(versions.map(({ tableName }) => tableName)).toEqual(
    expect.arrayContaining(['tenant.sessions', 'tenant.session_details']),
  );
});

test('a batch of many repositories and days arrives whole', async () => {
  const world = await newWorld();
  const rows = Array.from({ length: 48 }, (_, index) =>
    namedRow(`many ${index}`, { event_date: `2026-03-${10 + (index % 6)}`, repo_slug: `acme/${index % 4}` }),
  );
  await put(world, rows);
  expect(await load([world])).toMatchObject({ rows: 48, failures: [] });
  await expectRows(world, rows);
});

test.each(['beforeSend', 'afterSend'] as const)(
  'a loader that dies %s leaves the same rows once the next has run',
  async point => {
    const world = await newWorld();
    await put(world, [namedRow('a')]);
    await load([world]);
    const [{ id } = {}] = await ask(world, 'sessions', 'id');
    await put(world, [namedRow('b'), namedRow('a', { accepted_lines: 7 })]);
    await load([world], { [point]: died });
    expect((await loadsOf(world)).map(({ state }) => state)).toEqual(['LOADED', 'SENDING']);
    await load([world]);
    expect((await loadsOf(world)).map(({ state }) => state)).not.toContain('SENDING');
    await expectRows(world, [namedRow('a', { accepted_lines: 7 }), namedRow('b')]);
    expect((await ask(world, 'sessions', 'id')).map(row => row.id)).toContain(id);
  },
);

test.each(['stage', 'details', 'sessions'] as const)(
  'a loader that dies once its job "%s" has run leaves the same rows once the next has run',
  async step => {
    const world = await newWorld();
    await put(world, [namedRow('a')]);
    await load([world]);
    await put(world, [namedRow('a', { accepted_lines: 7 }), namedRow('b')]);
    proxy.dieAfter = `tenantry_${step}_`;
    expect((await load([world])).failures).toHaveLength(1);
    proxy.down = false;
    await load([world]);
    expect((await loadsOf(world)).map(({ state }) => state)).not.toContain('SENDING');
    await expectRows(world, [namedRow('a', { accepted_lines: 7 }), namedRow('b')]);
  },
);

test.each(['503', 'lost', 'backendError', 'never arrives'] as const)(
  'a batch whose load meets "%s" is brought by a later round',
  async fault => {
    const world = await newWorld();
    await put(world, [namedRow('a')]);
    proxy.faults.push(fault);
    expect((await load([world])).failures).toHaveLength(1);
    await load([world]);
    await expectRows(world, [namedRow('a')]);
  },
);

test('while BigQuery is away rows wait, and arrive once it is back', async () => {
  const world = await newWorld();
  await put(world, [namedRow('a')]);
  proxy.down = true;
  expect((await load([world])).failures).toHaveLength(1);
  proxy.down = false;
  expect(await load([world])).toMatchObject({ rows: 1, failures: [] });
  await expectRows(world, [namedRow('a')]);
});

test('rows that BigQuery refuses are set aside, and the others arrive', async () => {
  const world = await newWorld();
  const poison = namedRow('poison', { error_message: 'this row is refused' });
  await put(world, [namedRow('a'), namedRow('b'), poison, namedRow('c'), namedRow('d')]);
  proxy.poison = 'this row is refused';
  await load([world]);
  await expectRows(
    world,
    ['a', 'b', 'c', 'd'].map(name => namedRow(name)),
  );
  const dead = await db().select().from(ingestDeadRows).where(eq(ingestDeadRows.dataset, world.tenantDatasetId));
  expect(dead).toMatchObject([{ tableName: 'sessions' }]);
  expect(JSON.parse(dead[0]?.row ?? '')).toMatchObject({ trace_hash: poison.trace_hash });
});

test('rows for a dataset that is not the customer’s are never sent', async () => {
  const [world, other] = [await newWorld(), await newWorld()];
  await put({ ...other, customerId: world.customerId }, [namedRow('foreign')]);
  const { failures } = await load([other]);
  expect(String(failures[0]?.error)).toContain('is not of the customer');
  await expect(ask(other, 'sessions', 'trace_hash')).rejects.toThrow();
});

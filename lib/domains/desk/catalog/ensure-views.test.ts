/** The views of a customer's desk in BigQuery, whatever happens beneath them and beside us. */
import { eq } from 'drizzle-orm';
import { afterAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { startCloudDouble } from '@/dev/testing/cloud';
import { countCreates } from '@/dev/testing/desk/sent-statements';
import { insertSource, insertTable, type TestSource } from '@/dev/testing/events/sources';
import { createWorld, type World } from '@/dev/testing/world';
import { authorizeViews } from '@/lib/domains/desk/catalog/authorize-views';
import { catalogOf } from '@/lib/domains/desk/catalog/catalog';
import { deskDatasetOf } from '@/lib/domains/desk/catalog/desk-dataset';
import { deskTables } from '@/lib/domains/desk/catalog/desk-tables';
import { distrustViews, ensureViews } from '@/lib/domains/desk/catalog/ensure-views';
import { eventTableName } from '@/lib/domains/desk/catalog/event-tables';
import { fixedTables } from '@/lib/domains/desk/catalog/fixed-tables';
import { beginView, endView, madeViews, viewClock } from '@/lib/domains/desk/catalog/made-views';
import { makeAlone } from '@/lib/domains/desk/catalog/one-maker';
import { deskViews } from '@/lib/domains/desk/tables';
import { eventSources } from '@/lib/domains/events/tables';
import { bigquery, bigqueryRequest, createBigQuery, runStatement } from '@/lib/platform/bigquery/bigquery';
import { db } from '@/lib/platform/db';
import { env } from '@/lib/platform/env';
import { log } from '@/lib/platform/log';
import { forgetProcessWide, processWide } from '@/lib/platform/process-wide';
import { agentDatasetOf } from '@/lib/warehouse/agent-dataset';
import { ingestColumns } from '@/lib/warehouse/ingest/tables';
import { getTable, runDdl } from '@/lib/warehouse/schemas/rest';

const datasets: string[] = [];
const drop = (dataset: string) =>
  bigqueryRequest(bigquery(), { method: 'DELETE', uri: `/datasets/${dataset}`, qs: { deleteContents: true } });
/** What another process would remember of the views: nothing. */
const forgetMemory = () => {
  forgetProcessWide('desk-views-seen');
  forgetProcessWide('desk-views-under-way');
};

async function newWorld(): Promise<World> {
  const world = await createWorld();
  const { tenantDatasetId } = world;
  datasets.push(tenantDatasetId, agentDatasetOf(tenantDatasetId), deskDatasetOf(tenantDatasetId));
  return world;
}

/** A source whose table is in BigQuery and known to Postgres. */
async function loadedSource(world: World, sourceName: string, table = 'order_completed'): Promise<TestSource> {
  const source = await insertSource(world, { sourceName });
  datasets.push(source.dataset);
  const datasetReference = { projectId: env().GOOGLE_CLOUD_PROJECT, datasetId: source.dataset };
  await bigqueryRequest(bigquery(), { method: 'POST', uri: '/datasets', json: { datasetReference } });
  await ddl(`CREATE TABLE \`${source.dataset}.${table}\` (id STRING, received_at TIMESTAMP, total INT64)`);
  await ddl(`INSERT INTO \`${source.dataset}.${table}\` VALUES ('m1', CURRENT_TIMESTAMP(), 7)`);
  await insertTable(source, table, { id: 'STRING', received_at: 'TIMESTAMP', total: 'INT64' });
  return source;
}

const ddl = (sql: string) => runDdl(bigquery(), sql, env().BIGQUERY_LOCATION);
const viewOf = ({ tenantDatasetId }: World, name: string) => `\`${deskDatasetOf(tenantDatasetId)}.${name}\``;
const read = async (world: World, name: string, columns = '*') =>
  (await runStatement({ name: 'test/desk', sql: `SELECT ${columns} FROM ${viewOf(world, name)}` })).rows;
const isThere = async ({ tenantDatasetId }: World, name: string) =>
  (await getTable(bigquery(), deskDatasetOf(tenantDatasetId), name)) !== null;
const remembered = async ({ customerId }: World) =>
  (await db().select().from(deskViews).where(eq(deskViews.customerId, customerId))).map(row => row.viewName).sort();

beforeEach(forgetMemory);
afterAll(() => Promise.allSettled(datasets.map(drop)));

test('a customer without any dataset can ask every table, and each view has the columns that the desk lists', async () => {
  const world = await newWorld();
  await ensureViews(world.system);
  const tables = await deskTables(world.system);
  expect(tables.map(({ name }) => name)).toEqual(
    fixedTables()
      .map(({ table }) => table.name)
      .toSorted(byGroup(tables)),
  );
  for (const { name, columns } of tables) {
    await ddl(`SELECT ${columns.map(column => `\`${column.name}\``).join(', ')} FROM ${viewOf(world, name)}`);
  }
});
const byGroup = (tables: { name: string }[]) => (a: string, b: string) =>
  tables.findIndex(({ name }) => name === a) - tables.findIndex(({ name }) => name === b);

test('rows of the own tables are read through the views, without the columns that are left out', async () => {
  const world = await newWorld();
  await ensureViews(world.system);
  await ddl(
    `INSERT INTO \`${world.tenantDatasetId}.pipeline_runs\` (pipeline_logging_id, pipeline_id, tenant_id, status, trigger_type, trigger_by, start_time)
     VALUES ('run1', 'daily', '${world.customerId}', 'COMPLETED', 'api', 'ada@example.com', CURRENT_TIMESTAMP())`,
  );
  const [row] = await read(world, 'pipeline_runs');
  expect(row).toMatchObject({ pipeline_logging_id: 'run1', status: 'COMPLETED' });
  expect(Object.keys(row ?? {})).not.toContain('tenant_id');
  await expect(read(world, 'pipeline_runs', 'tenant_id')).rejects.toThrow('tenant_id');
});

test('nothing changed costs BigQuery nothing, and within a minute Postgres nothing either', async () => {
  const world = await newWorld();
  await ensureViews(world.system);
  await drop(deskDatasetOf(world.tenantDatasetId));
  await ensureViews(world.system);
  forgetMemory();
  await ensureViews(world.system);
  expect(await isThere(world, 'commits')).toBe(false);
});

test('a dataset that was dropped behind our back is made anew with all its views once BigQuery is not trusted', async () => {
  const world = await newWorld();
  await ensureViews(world.system);
  await drop(deskDatasetOf(world.tenantDatasetId));
  await distrustViews(world.system, await viewClock());
  await ensureViews(world.system, ['commits', 'sessions']);
  expect(await read(world, 'commits')).toEqual([]);
  expect(await isThere(world, 'pipeline_runs')).toBe(false);
  await ensureViews(world.system);
  expect(await read(world, 'pipeline_runs')).toEqual([]);
});

test('an event table is a view, and one that grows a column shows it', async () => {
  const world = await newWorld();
  const { dataset } = await loadedSource(world, "Web 'Shop\\ `");
  await ensureViews(world.system);
  const name = eventTableName(dataset, 'order_completed');
  expect(await read(world, name, '`id`, `total`')).toEqual([{ id: 'm1', total: 7 }]);
  await ddl(`ALTER TABLE \`${dataset}.order_completed\` ADD COLUMN coupon STRING`);
  await db()
    .insert(ingestColumns)
    .values({ dataset, tableName: 'order_completed', columnName: 'coupon', type: 'STRING' });
  await ensureViews(world.system, [name]);
  expect(await read(world, name, '`id`, `coupon`')).toEqual([{ id: 'm1', coupon: null }]);
});

test('a deleted source is in no list at once, and its views go with the next look', async () => {
  const world = await newWorld();
  const { sourceId, dataset } = await loadedSource(world, 'Gone');
  await ensureViews(world.system);
  const name = eventTableName(dataset, 'order_completed');
  expect(await isThere(world, name)).toBe(true);
  await db().update(eventSources).set({ deletedAt: new Date() }).where(eq(eventSources.sourceId, sourceId));
  expect((await deskTables(world.system)).map(table => table.name)).not.toContain(name);
  await ensureViews(world.system, ['commits']);
  expect(await isThere(world, name)).toBe(false);
  expect(await remembered(world)).not.toContain(name);
});

test('a table that vanished beneath is left out of the list, and the others work', async () => {
  const world = await newWorld();
  const { dataset } = await loadedSource(world, 'Half');
  await insertTable({ dataset, customerId: world.customerId, sourceId: '', writeKey: '' }, 'vanished', {
    id: 'STRING',
  });
  await ensureViews(world.system);
  const vanished = eventTableName(dataset, 'vanished');
  const names = (await deskTables(world.system)).map(table => table.name);
  expect(names).toContain(eventTableName(dataset, 'order_completed'));
  expect(names).not.toContain(vanished);
  expect(await isThere(world, vanished)).toBe(false);
  const later = { ...world.system, clock: () => new Date(Date.now() + 11 * 60_000) };
  expect((await deskTables(later)).map(table => table.name)).toContain(vanished);
});

test('a column that is not there yet breaks its own view only, which works once it is', async () => {
  const world = await newWorld();
  const { dataset } = await loadedSource(world, 'Early');
  const name = eventTableName(dataset, 'order_completed');
  await ensureViews(world.system);
  await db()
    .insert(ingestColumns)
    .values({ dataset, tableName: 'order_completed', columnName: 'soon', type: 'STRING' });
  await ensureViews(world.system);
  expect((await deskTables(world.system)).map(table => table.name)).not.toContain(name);
  expect(await read(world, 'commits')).toEqual([]);
  await ddl(`ALTER TABLE \`${dataset}.order_completed\` ADD COLUMN soon STRING`);
  forgetMemory();
  await ensureViews({ ...world.system, clock: () => new Date(Date.now() + 11 * 60_000) });
  expect((await deskTables(world.system)).map(table => table.name)).toContain(name);
  expect(await read(world, name, '`soon`')).toEqual([{ soon: null }]);
});

/** Each view of the customer is there, remembered, and was made once. */
async function expectMadeOnce(world: World, creates: Map<string, number>): Promise<void> {
  const names = (await deskTables(world.system)).map(table => table.name).toSorted();
  expect(await remembered(world)).toEqual(names);
  expect([...creates].toSorted(([a], [b]) => (a < b ? -1 : 1))).toEqual(names.map(name => [name, 1]));
  for (const name of names) expect(await isThere(world, name), name).toBe(true);
}

test('of twelve questions at once of a new customer one makes the views, each once, and no one is in its way', async () => {
  const world = await newWorld();
  await loadedSource(world, 'Herd');
  const [creates, warn] = [countCreates(), vi.spyOn(log(), 'warn')];
  onTestFinished(() => warn.mockRestore());
  await Promise.all(Array.from({ length: 12 }, () => ensureViews(world.system)));
  await expectMadeOnce(world, creates);
  expect(warn).not.toHaveBeenCalled();
});

test('two processes that begin at once end with all views made once and remembered', async () => {
  const world = await newWorld();
  await loadedSource(world, 'Twice');
  const creates = countCreates();
  const first = ensureViews(world.system);
  await vi.waitFor(() => expect(creates.size).toBeGreaterThan(0), 20_000);
  forgetMemory();
  await Promise.all([first, ensureViews(world.system), ensureViews(world.system, ['commits'])]);
  await expectMadeOnce(world, creates);
});

test('what those that wait need besides is made when the one before has ended, also where that one failed', async () => {
  const world = await newWorld();
  const creates = countCreates();
  const asked = [['commits'], ['sessions', 'commits'], ['step_logs']];
  await Promise.all(asked.map(tables => ensureViews(world.system, tables)));
  expect(Object.fromEntries(creates)).toEqual({ commits: 1, sessions: 1, step_logs: 1 });
  await expect(makeAlone(world.customerId, () => Promise.reject(new Error('ended early')))).rejects.toThrow('early');
  await ensureViews(world.system, ['dq_results']);
  expect(creates.get('dq_results')).toBe(1);
});

test('while BigQuery is away the caller is asked to come again, and afterwards all is made', async () => {
  const world = await newWorld();
  const away = createBigQuery({ projectId: env().GOOGLE_CLOUD_PROJECT, apiUrl: 'http://127.0.0.1:9' });
  forgetProcessWide('bigquery');
  processWide('bigquery', () => away);
  try {
    await expect(ensureViews(world.system, ['commits'])).rejects.toMatchObject({
      code: 'warehouse_unavailable',
      retryAfterSeconds: 30,
    });
  } finally {
    forgetProcessWide('bigquery');
  }
  await ensureViews(world.system, ['commits']);
  expect(await read(world, 'commits')).toEqual([]);
});

test('of two that make one view by two statements, the later look wins, whatever order BigQuery hears them in', async () => {
  const { customerId } = await newWorld();
  const making = (mark: string, definition: string) => ({ customerId, viewName: 'v', mark, definition });
  const older = await beginView(customerId, 'v');
  const newer = await beginView(customerId, 'v');
  expect(await endView(making(newer, 'new'))).toBe(true);
  // The older statement may have come last: nothing is remembered, so the next look makes the view anew.
  expect(await endView(making(older, 'old'))).toBe(false);
  expect((await madeViews(customerId)).has('v')).toBe(false);
  const [one, two] = [await beginView(customerId, 'v'), await beginView(customerId, 'v')];
  expect(await endView(making(two, 'same'))).toBe(true);
  expect(await endView(making(one, 'same'))).toBe(true);
  expect((await madeViews(customerId)).get('v')?.definition).toBe('same');
});

test('on the service the views are let into the datasets beneath them, and one that does not let them in stops no other', async () => {
  const world = await newWorld();
  const cloud = await startCloudDouble();
  onTestFinished(cloud.close);
  const client = createBigQuery({ projectId: env().GOOGLE_CLOUD_PROJECT, apiUrl: cloud.url });
  const { tenantDatasetId, system } = world;
  const [agent, base] = [
    agentDatasetOf(tenantDatasetId),
    `/bigquery/v2/projects/${env().GOOGLE_CLOUD_PROJECT}/datasets`,
  ];
  for (const dataset of [agent, tenantDatasetId]) cloud.resources.set(`${base}/${dataset}`, { etag: 'a', access: [] });
  cloud.refuse = (method, path) => (method === 'PATCH' && path.endsWith(agent) ? 'accessDenied' : null);
  const authorize = async () => authorizeViews(system, await catalogOf(system), { client, logs: client });
  await authorize();
  cloud.refuse = () => null;
  await authorize();
  await authorize();
  const views = { projectId: env().GOOGLE_CLOUD_PROJECT, datasetId: deskDatasetOf(tenantDatasetId) };
  const entry = { dataset: { dataset: views, targetTypes: ['VIEWS'] } };
  expect(cloud.written.map(({ path, body }) => [path, body.access])).toEqual([
    [`${base}/${tenantDatasetId}`, [entry]],
    [`${base}/${agent}`, [entry]],
  ]);
});

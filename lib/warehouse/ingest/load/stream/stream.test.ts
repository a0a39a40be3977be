/** A load by a stream has its effect once, wherever its sender dies, whatever becomes of the stream, and with every value as it was written. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { testDefinition, testRows, withIngestDatasets } from '@/dev/testing/ingest/datasets';
import { type RefusingBigQuery, refusingBigQuery } from '@/dev/testing/ingest/refusing-bigquery';
import { bigqueryRequest, runStatement } from '@/lib/platform/bigquery/bigquery';
import { env } from '@/lib/platform/env';
import { type LoaderDeps, loadContext } from '@/lib/warehouse/ingest/load/deps';
import { loadTable } from '@/lib/warehouse/ingest/load/load-table';
import { loadOnce } from '@/lib/warehouse/ingest/load/loader';
import { waitingTables } from '@/lib/warehouse/ingest/spool/chunks';

const { dataset, put, rows, loads } = withIngestDatasets('stream');
let service: RefusingBigQuery;
const tableName = 'orders';
const dies = () => Promise.reject(new Error('the process is gone'));

const deps = (more: Partial<LoaderDeps> = {}): LoaderDeps => ({
  ...service.clients,
  sink: 'stream',
  definitions: [testDefinition()],
  ...more,
  limits: { propagationMs: [50, 100], ...more.limits },
});
const load = (more: Partial<LoaderDeps> = {}) => loadOnce(deps(more), { datasets: [dataset()] });
const ids = async () => (await rows(tableName)).map(row => row.id);
const states = async () => (await loads()).map(({ state }) => state);

beforeAll(async () => {
  service = await refusingBigQuery();
});
afterAll(() => service.close());
beforeEach(() => service.reset());

/** Loads as a process that does not know that another holds the table's lock. */
async function loadBeside(): Promise<void> {
  const [table] = (await waitingTables()).filter(waiting => waiting.dataset === dataset());
  if (!table) throw new Error('nothing waits');
  await loadTable(loadContext(deps()), { ...table, sink: 'stream' });
}

test.each(['afterAppend', 'afterFinalize'] as const)(
  'what a loader that dies %s has sent whole is committed by the next one, not sent again',
  async point => {
    await put(tableName, [testRows(3)]);
    expect((await load({ hooks: { [point]: dies } })).failures).toHaveLength(1);
    expect(await states()).toEqual(['SENDING']);
    await load();
    expect(await states()).toEqual(['LOADED']);
    expect(await ids()).toEqual(['r0', 'r1', 'r2']);
    expect(service.proxy.loads).toHaveLength(1);
  },
);

test('a commit that never arrives is made by the next round', async () => {
  await put(tableName, [testRows(3)]);
  service.streams.commitsLost = 1;
  expect((await load()).failures).toHaveLength(1);
  await load();
  expect(await states()).toEqual(['LOADED']);
  expect(await ids()).toEqual(['r0', 'r1', 'r2']);
});

test.each([
  ['afterFinalize', ['FAILED', 'LOADED']],
  ['afterSend', ['LOADED']],
] as const)('of a stream that BigQuery has forgotten the table tells the fate: died %s', async (point, expected) => {
  await put(tableName, [testRows(2, 'before')]);
  await load();
  await put(tableName, [testRows(3)]);
  await load({ hooks: { [point]: dies } });
  service.streams.forget();
  await load();
  expect((await states()).slice(1)).toEqual(expected);
  expect(await ids()).toEqual(['before0', 'before1', 'r0', 'r1', 'r2']);
});

test.each(['beforeSend', 'afterAppend', 'afterFinalize'] as const)(
  'a loader that sleeps %s while another takes its load for a dead one’s adds no row twice',
  async point => {
    await put(tableName, [testRows(3)]);
    const { failures } = await load({ hooks: { [point]: loadBeside } });
    expect(failures).toHaveLength(1);
    await load();
    expect(await ids()).toEqual(['r0', 'r1', 'r2']);
    expect((await states()).filter(state => state === 'LOADED')).toHaveLength(1);
  },
);

test('rows of more than a request holds go in several', async () => {
  const text = 'x'.repeat(30_000);
  await put(tableName, [testRows(280, 'big', { text })]);
  expect((await load()).failures).toEqual([]);
  const sql = `SELECT COUNT(DISTINCT id) AS ids, COUNT(*) AS all_rows, MIN(LENGTH(text)) AS least FROM \`${dataset()}.${tableName}\``;
  expect((await runStatement({ name: 'test', sql })).rows).toEqual([{ ids: 280, all_rows: 280, least: 30_000 }]);
});

test('once the bytes of the day are spent a load job carries the rows', async () => {
  await put(tableName, [testRows(3)]);
  expect((await load({ limits: { streamBytesPerDay: 10 } })).failures).toEqual([]);
  expect(await loads()).toMatchObject([{ sink: 'load_job', state: 'LOADED' }]);
  expect(await ids()).toEqual(['r0', 'r1', 'r2']);
});

const byHand = [
  { name: 'id', type: 'STRING' },
  { name: 'received_at', type: 'TIMESTAMP' },
  { name: 'timestamp', type: 'TIMESTAMP' },
  { name: 'loaded_at', type: 'TIMESTAMP' },
  { name: 'whole', type: 'INTEGER' },
  { name: 'part', type: 'FLOAT' },
  { name: 'yes', type: 'BOOLEAN' },
  { name: 'amount', type: 'NUMERIC' },
  { name: 'day', type: 'DATE' },
  { name: 'data', type: 'BYTES' },
  { name: 'words', type: 'STRING' },
];

async function makeByHand(): Promise<void> {
  const { bigquery } = service.clients;
  const datasetReference = { projectId: env().GOOGLE_CLOUD_PROJECT, datasetId: dataset() };
  await bigqueryRequest(bigquery, { method: 'POST', uri: '/datasets', json: { datasetReference } });
  const json = { tableReference: { ...datasetReference, tableId: tableName }, schema: { fields: byHand } };
  await bigqueryRequest(bigquery, { method: 'POST', uri: `/datasets/${dataset()}/tables`, json });
}

test('each type arrives as it was written: microseconds, instants before 1970 and after 2255, null', async () => {
  await makeByHand();
  const row = { yes: true, amount: 12, day: '2024-02-29', data: 'AAEC/w==', words: 'a "b" \\ \n 😀' };
  await put(tableName, [
    [
      { id: 'a', ...row, part: 1.5, timestamp: '2026-03-01T10:00:00.123456Z' },
      { id: 'b', yes: false, part: -1e300, timestamp: '1901-01-01T00:00:00.000001+01:00', day: '0001-01-01' },
      { id: 'c', timestamp: '9999-12-31T23:59:59.999999Z', words: '' },
      { id: 'd', yes: null, words: null },
    ],
  ]);
  expect((await load({ definitions: [testDefinition(false)] })).failures).toEqual([]);
  const columns =
    'id, yes, part, words, amount, CAST(day AS STRING) AS day, TO_HEX(data) AS data, CAST(UNIX_MICROS(timestamp) AS STRING) AS micros';
  const none = { yes: null, part: null, words: null, amount: null, day: null, data: null, micros: null };
  expect(await rows(tableName, columns)).toEqual([
    { ...none, ...row, id: 'a', part: 1.5, data: '000102ff', amount: '12', micros: '1772359200123456' },
    { ...none, id: 'b', yes: false, part: -1e300, day: '0001-01-01', micros: '-2177456399999999' },
    { ...none, id: 'c', words: '', micros: '253402300799999999' },
    { ...none, id: 'd' },
  ]);
});

/** Latest rows with BIGQUERY_AUTO_TABLE_MANAGEMENT=false: merged into the table made by hand, and nothing is made for it. */
import { beforeEach, expect, test } from 'vitest';
import { notingClient } from '@/dev/testing/ingest/batches';
import { testDefinition, withIngestDatasets } from '@/dev/testing/ingest/datasets';
import { bigquery, bigqueryRequest } from '@/lib/platform/bigquery/bigquery';
import { env } from '@/lib/platform/env';
import { loadOnce } from '@/lib/warehouse/ingest/load/loader';

const { dataset, put, rows, loads, dead } = withIngestDatasets('latest_by_hand');
const { client, sent } = notingClient();
const at = (minute: number) => new Date(Date.UTC(2026, 2, 1, 10, minute)).toISOString();
type User = { id: string; [trait: string]: unknown };
const putUsers = (...users: User[]) => put('users', [users], { mode: 'latest' });
const load = (hooks = {}) =>
  loadOnce({ bigquery: client, definitions: [testDefinition(false)], hooks }, { datasets: [dataset()] });

beforeEach(async () => {
  const datasetReference = { projectId: env().GOOGLE_CLOUD_PROJECT, datasetId: dataset() };
  await bigqueryRequest(bigquery(), { method: 'POST', uri: '/datasets', json: { datasetReference } });
  const types = { id: 'STRING', received_at: 'TIMESTAMP', timestamp: 'TIMESTAMP', loaded_at: 'TIMESTAMP' };
  const traits = { plan: 'STRING', city: 'STRING', logins: 'INTEGER', score: 'FLOAT', paid: 'BOOLEAN', day: 'DATE' };
  const fields = Object.entries({ ...types, ...traits }).map(([name, type]) => ({ name, type }));
  const json = { tableReference: { ...datasetReference, tableId: 'users' }, schema: { fields } };
  await bigqueryRequest(bigquery(), { method: 'POST', uri: `/datasets/${dataset()}/tables`, json });
  sent.length = 0;
});

/** What was sent that changes anything, jobs by their statement's first word. */
const changes = () =>
  sent
    .filter(({ method }) => method !== 'GET')
    .map(({ method, path, body }) => `${method} ${path} ${/"query":"([A-Z]+) /.exec(body)?.[1]}`);

test('rows are merged as by a stage, by MERGE statements alone: no table is made and no job is a load', async () => {
  await putUsers(
    { id: 'ann', timestamp: at(10), plan: 'pro', logins: 7 },
    { id: 'bob', timestamp: at(10), plan: 'free' },
  );
  expect(await load()).toMatchObject({ rows: 2, failures: [] });
  await putUsers(
    { id: 'ann', timestamp: at(9), plan: 'free', city: 'Ulm' },
    { id: 'ann', timestamp: at(11), score: 1.5, paid: true, day: '2024-02-29' },
    { id: 'cid', timestamp: at(1), logins: 2 ** 53 - 1 },
  );
  expect(await load()).toMatchObject({ rows: 3, failures: [] });
  expect(await rows('users', 'id, plan, city, logins, score, paid, day, timestamp')).toEqual([
    {
      id: 'ann',
      plan: 'pro',
      city: 'Ulm',
      logins: 7,
      score: 1.5,
      paid: true,
      day: '2024-02-29',
      timestamp: new Date(at(11)),
    },
    {
      id: 'bob',
      plan: 'free',
      city: null,
      logins: null,
      score: null,
      paid: null,
      day: null,
      timestamp: new Date(at(10)),
    },
    {
      id: 'cid',
      plan: null,
      city: null,
      logins: 2 ** 53 - 1,
      score: null,
      paid: null,
      day: null,
      timestamp: new Date(at(1)),
    },
  ]);
  expect((await rows('users', 'id, loaded_at')).every(({ loaded_at: loadedAt }) => loadedAt instanceof Date)).toBe(
    true,
  );
  expect(changes()).toEqual(['POST /jobs MERGE', 'POST /jobs MERGE']);
});

test('more rows than a statement takes go in several, and a loader that dies among them leaves nothing twice or lost', async () => {
  const users = Array.from({ length: 2_100 }, (_, index) => ({ id: `u${index}`, timestamp: at(1), logins: index }));
  await put('users', [users], { mode: 'latest' });
  expect((await load({ afterSend: () => Promise.reject(new Error('the process is gone')) })).failures).toHaveLength(1);
  expect(changes()).toEqual(['POST /jobs MERGE', 'POST /jobs MERGE']);
  await load();
  expect((await loads()).map(({ state }) => state)).toEqual(['LOADED']);
  const found = await rows('users', 'id, logins');
  expect(found).toHaveLength(2_100);
  expect(found.find(({ id }) => id === 'u2099')?.logins).toBe(2_099);
});

test('a value that its column cannot take sets its row aside, the others are merged', async () => {
  await putUsers({ id: 'ann', timestamp: at(1), plan: 'free' }, { id: 'bob', timestamp: at(1), day: 'soon' });
  for (let round = 0; round < 6; round++) await load();
  expect((await rows('users')).map(({ id }) => id)).toEqual(['ann']);
  expect(await dead()).toMatchObject([{ rowId: 'bob', tableName: 'users' }]);
  expect(changes().every(change => change === 'POST /jobs MERGE')).toBe(true);
});

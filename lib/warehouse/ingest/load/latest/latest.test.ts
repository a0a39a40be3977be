/** A table of latest rows holds one row an id, as if all rows had come in the order of their times, also after crashes. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { RefusingProxy } from '@/dev/doubles/warehouse/refusing-proxy';
import { testDefinition, withIngestDatasets } from '@/dev/testing/ingest/datasets';
import { bigqueryRequest, createBigQuery } from '@/lib/platform/bigquery/bigquery';
import { env } from '@/lib/platform/env';
import type { LoaderDeps } from '@/lib/warehouse/ingest/load/deps';
import { loadOnce } from '@/lib/warehouse/ingest/load/loader';

const { dataset, put, rows, loads, dead } = withIngestDatasets('latest');
const proxy = new RefusingProxy(env().BIGQUERY_API_URL ?? '');
let client: ReturnType<typeof createBigQuery>;
const at = (minute: number) => new Date(Date.UTC(2026, 2, 1, 10, minute)).toISOString();
const deps = (hooks: LoaderDeps['hooks'] = {}): LoaderDeps => ({
  bigquery: client,
  definitions: [testDefinition()],
  limits: { propagationMs: [50, 100] },
  hooks,
});
const load = (hooks?: LoaderDeps['hooks']) => loadOnce(deps(hooks), { datasets: [dataset()] });
const putUsers = (...users: { id: string; [trait: string]: unknown }[]) => put('users', [users], { mode: 'latest' });
const users = (columns: string) => rows('users', columns);

beforeAll(async () => {
  client = createBigQuery({ projectId: env().GOOGLE_CLOUD_PROJECT, apiUrl: await proxy.listen() });
});
afterAll(() => proxy.close());
beforeEach(() => {
  proxy.faults.length = 0;
  proxy.poison = null;
});

async function tableNames(): Promise<string[]> {
  type Listed = { tables?: { tableReference: { tableId: string } }[] };
  const { tables = [] } = await bigqueryRequest<Listed>(client, {
    method: 'GET',
    uri: `/datasets/${dataset()}/tables`,
  });
  return tables.map(({ tableReference }) => tableReference.tableId);
}

test('later rows overwrite, a late one only fills what is empty, and nothing is left of the stages', async () => {
  await putUsers({ id: 'ann', timestamp: at(10), plan: 'pro' }, { id: 'bob', timestamp: at(10), plan: 'free' });
  expect(await load()).toMatchObject({ failures: [] });
  // For Ann 9:00 is late and 11:00 is not, in one batch.
  await putUsers(
    { id: 'ann', timestamp: at(9), plan: 'free', city: 'Ulm' },
    { id: 'ann', timestamp: at(11), name: 'Ann' },
    { id: 'cid', timestamp: at(1), plan: 'free' },
  );
  await putUsers({ id: 'bob', timestamp: at(5), plan: 'trial', city: 'Bonn' });
  expect(await load()).toMatchObject({ failures: [] });
  expect(await users('id, plan, city, name, timestamp')).toEqual([
    { id: 'ann', plan: 'pro', city: 'Ulm', name: 'Ann', timestamp: new Date(at(11)) },
    { id: 'bob', plan: 'free', city: 'Bonn', name: null, timestamp: new Date(at(10)) },
    { id: 'cid', plan: 'free', city: null, name: null, timestamp: new Date(at(1)) },
  ]);
  expect((await tableNames()).filter(name => name.startsWith('stage_'))).toEqual([]);
});

test.each(['beforeSend', 'afterSend'] as const)(
  'a loader that dies %s leaves the same rows once the next has run',
  async point => {
    await putUsers({ id: 'ann', timestamp: at(1), plan: 'free', logins: 1 });
    await load();
    await putUsers({ id: 'ann', timestamp: at(2), plan: 'pro' }, { id: 'bob', timestamp: at(2), plan: 'free' });
    await load({ [point]: () => Promise.reject(new Error('the process is gone')) });
    expect((await loads()).map(({ state }) => state)).toEqual(['LOADED', 'SENDING']);
    await load();
    expect((await loads()).map(({ state }) => state)).not.toContain('SENDING');
    expect(await users('id, plan, logins')).toEqual([
      { id: 'ann', plan: 'pro', logins: 1 },
      { id: 'bob', plan: 'free', logins: null },
    ]);
  },
);

test.each(['503', 'lost', 'backendError', 'never arrives'] as const)(
  'a stage whose load meets "%s" is made anew by the next round',
  async fault => {
    await putUsers({ id: 'ann', timestamp: at(1), plan: 'free' });
    proxy.faults.push(fault);
    expect((await load()).failures).toHaveLength(1);
    await load();
    expect(await users('id, plan')).toEqual([{ id: 'ann', plan: 'free' }]);
  },
);

test('a row that BigQuery refuses is set aside, and the others are merged', async () => {
  await putUsers(...['ann', 'bob', 'poison', 'cid', 'dan'].map(id => ({ id, timestamp: at(1), plan: 'free' })));
  proxy.poison = 'poison';
  await load();
  expect((await users('id')).map(row => row.id)).toEqual(['ann', 'bob', 'cid', 'dan']);
  expect(await dead()).toMatchObject([{ rowId: 'poison', tableName: 'users' }]);
});

/** A mirrored table that is recreated holds afterwards what Postgres holds, whoever writes meanwhile. */
import { eq } from 'drizzle-orm';
import { expect, test, vi } from 'vitest';
import { asRow, byId, until, withTestMirror } from '@/dev/testing/relay';
import { openSession } from '@/lib/kernel/lock-session';
import { dataVersions } from '@/lib/kernel/tables';
import { createBigQuery, runStatement } from '@/lib/platform/bigquery/bigquery';
import { db } from '@/lib/platform/db';
import { env } from '@/lib/platform/env';
import { countInPostgres, recreateMirrored } from '@/lib/warehouse/mirror/recreate';
import { startRelay } from '@/lib/warehouse/mirror/relay';
import { tableKey } from '@/lib/warehouse/mirror/schedule/flush-schedule';

const { mirror, newCustomer, flush } = withTestMirror('recreate');
const colour = { colour: { type: 'STRING', mode: 'NULLABLE' } };
const targetOf = (customerId: string) => ({ dataset: mirror.datasetOf(customerId), customerId });
const recreate = (customerId: string, deps = mirror.deps()) =>
  recreateMirrored(deps, mirror.mirror, targetOf(customerId), mirror.definition(colour));
const colours = async (customerId: string) =>
  (await runStatement({ name: 'test/c', sql: `SELECT colour FROM ${mirror.datasetOf(customerId)}.items` })).rows;

async function filled(count: number) {
  const customerId = newCustomer();
  const items = Array.from({ length: count }, () => mirror.item(customerId));
  await mirror.put(...items);
  await flush();
  return { customerId, items };
}

test('the new table has the new columns and the rows of Postgres, those of other customers stay as they are', async () => {
  const { customerId, items } = await filled(30);
  const other = await filled(3);
  const dataset = mirror.datasetOf(customerId);
  await runStatement({
    name: 'test/stray',
    sql: `INSERT INTO ${dataset}.items (id, \`at\`, customer_id) VALUES ('stray', TIMESTAMP '2026-01-01', '${customerId}')`,
  });
  expect(await countInPostgres(mirror.mirror, customerId)).toBe(30);
  expect(await recreate(customerId)).toBe(30);
  expect(await mirror.rows(customerId)).toEqual(items.map(asRow).sort(byId));
  expect(await colours(customerId)).toEqual(items.map(() => ({ colour: null })));
  expect(await mirror.rows(other.customerId)).toEqual(other.items.map(asRow).sort(byId));
  await expect(colours(other.customerId)).rejects.toThrow(/colour/);
});

test('no relay writes while the table is gone, and it waits for one that is writing', async () => {
  const { customerId } = await filled(2);
  const relay = await openSession('mirror');
  const lock = tableKey({ mirror: mirror.name, customerId });
  const client = createBigQuery({ projectId: env().GOOGLE_CLOUD_PROJECT, apiUrl: env().BIGQUERY_API_URL });
  const request = client.authClient.request.bind(client.authClient);
  const lockedWhile: Record<string, boolean> = {};
  vi.spyOn(client.authClient, 'request').mockImplementation(async options => {
    const table = /\/tables(\/items)?$/.test(String(options.url)) && options.method !== 'GET';
    if (table) lockedWhile[String(options.method)] = !(await relay.tryLock(lock));
    return request(options);
  });
  expect(await relay.tryLock(lock)).toBe(true);
  const recreated = recreate(customerId, { ...mirror.deps(), bigquery: client });
  await new Promise(resolve => setTimeout(resolve, 300));
  expect(lockedWhile).toEqual({});
  expect(await mirror.rows(customerId)).toHaveLength(2);
  await relay.unlock(lock);
  expect(await recreated).toBe(2);
  expect(lockedWhile).toEqual({ DELETE: true, POST: true });
  await relay.close();
});

test('rows that change while it happens are in the new table as they are now', async () => {
  const { customerId, items } = await filled(50);
  const relay = startRelay(mirror.deps());
  const changed = items.map(item => ({ ...item, body: 'changed meanwhile' }));
  const added = Array.from({ length: 50 }, () => mirror.item(customerId, 'added meanwhile'));
  const write = async () => {
    for (const item of [...changed, ...added]) await mirror.put(item);
  };
  await Promise.all([recreate(customerId), write()]);
  await until(async () => (await mirror.waiting()) === 0);
  await relay.stop();
  expect(await mirror.rows(customerId)).toEqual([...changed, ...added].map(asRow).sort(byId));
});

test('what pages keep of the old rows is out of date at once, also where Postgres holds none', async () => {
  const { customerId, items } = await filled(1);
  for (const item of items) await mirror.remove(item);
  await flush();
  const versions = async () =>
    (await db().select().from(dataVersions).where(eq(dataVersions.tableName, mirror.name)))
      .filter(row => ['', customerId].includes(row.customerId))
      .map(row => row.version);
  const before = await versions();
  expect(await recreate(customerId)).toBe(0);
  expect(await versions()).toEqual(before.map(version => version + 1));
});

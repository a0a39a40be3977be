/** Verify finds every kind of difference and no other; rebuild repairs them all; nothing set aside is lost. */
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testMirror } from '@/dev/testing/test-mirror';
import { runStatement } from '@/lib/platform/bigquery/bigquery';
import { db } from '@/lib/platform/db';
import { randomText } from '@/lib/platform/ids';
import { rebuildMirror } from '@/lib/warehouse/mirror/rebuild';
import { flushOnce, startRelay } from '@/lib/warehouse/mirror/relay';
import { deadChanges, mirrorStatus, retryDead } from '@/lib/warehouse/mirror/status';
import { type Verified, verifyMirror } from '@/lib/warehouse/mirror/verify';

const mirror = testMirror(`verify_test_${randomText(8)}`);
const appended = testMirror(`verify_added_${randomText(8)}`, 'insert');
const customers = new Set<string>();
const newCustomer = () => {
  const customer = `c${randomText(6)}`;
  customers.add(customer);
  return customer;
};
const verify = async (customer: string, of = mirror): Promise<Verified | undefined> => {
  const found = await verifyMirror(of.deps(), of.mirror, customer).next();
  return found.done ? undefined : found.value;
};
const change = (customer: string, statement: string, of = mirror) =>
  runStatement({
    name: 'test/change',
    sql: statement.replaceAll('items', `\`${of.datasetOf(customer)}.items\``),
  });

beforeAll(() => Promise.all([mirror.create(), appended.create()]));
afterAll(async () => {
  await mirror.drop([...customers]);
  await appended.drop([...customers]);
});

async function filled(customer: string, count: number, of = mirror) {
  const items = Array.from({ length: count }, (_, index) => ({
    ...of.item(customer, `row ${index} ✓ "quoted"`),
    price: index % 3 ? `${index}.5` : null,
  }));
  await of.put(...items);
  await flushOnce(of.deps(), { mirrors: [of.name] });
  return items;
}

test('equal sides are found equal, with their counts, more rows than a page included', async () => {
  const customer = newCustomer();
  await filled(customer, 2_100);
  expect(await verify(customer)).toEqual({
    mirror: mirror.name,
    dataset: mirror.datasetOf(customer),
    postgresRows: 2_100,
    bigqueryRows: 2_100,
    keptRows: 0,
    keptKeys: [],
    differences: [],
  });
});

test('each kind of difference is named, and rebuild leaves none', async () => {
  const customer = newCustomer();
  const [changed, missing, twice] = await filled(customer, 8);
  if (!changed || !missing || !twice) throw new Error('rows are missing');
  await change(customer, `UPDATE items SET body = 'tampered', price = 7 WHERE id = '${changed.id}'`);
  await change(customer, `DELETE FROM items WHERE id = '${missing.id}'`);
  await change(customer, `INSERT INTO items SELECT * FROM items WHERE id = '${twice.id}'`);
  await change(
    customer,
    `INSERT INTO items (id, \`at\`, customer_id) VALUES ('stray', TIMESTAMP '2020-05-05 00:00:00+00', 'x')`,
  );
  const found = await verify(customer);
  expect(found?.differences).toHaveLength(4);
  expect(new Set(found?.differences)).toEqual(
    new Set([
      { key: changed.id, kind: 'different', columns: ['body', 'price'] },
      { key: missing.id, kind: 'missing in BigQuery', columns: [] },
      { key: twice.id, kind: 'twice in BigQuery', columns: [] },
      { key: 'stray', kind: 'only in BigQuery', columns: [] },
    ]),
  );
  const [rebuilt] = await rebuildMirror(mirror.deps(), mirror.name, customer);
  expect(rebuilt).toMatchObject({ rows: 8, removed: 2 });
  expect(await verify(customer)).toMatchObject({ postgresRows: 8, bigqueryRows: 8, differences: [] });
}, 60_000);

test('a table that was dropped is made and filled anew, while the relay and writers go on', async () => {
  const customer = newCustomer();
  const items = await filled(customer, 300);
  await change(customer, 'DROP TABLE items');
  const relay = startRelay(mirror.deps());
  const rebuilding = rebuildMirror(mirror.deps(), mirror.name, customer);
  for (const item of items.slice(0, 30)) await mirror.put({ ...item, body: 'written meanwhile' });
  await rebuilding;
  await relay.stop();
  await flushOnce(mirror.deps(), { mirrors: [mirror.name] });
  expect(await verify(customer)).toMatchObject({ postgresRows: 300, bigqueryRows: 300, differences: [] });
}, 60_000);

test('a table that is only added to may hold more than Postgres, and rebuild keeps that', async () => {
  const customer = newCustomer();
  await filled(customer, 3, appended);
  await change(
    customer,
    `INSERT INTO items (id, \`at\`, customer_id) VALUES ('archived', TIMESTAMP '2020-05-05 00:00:00+00', 'x')`,
    appended,
  );
  await rebuildMirror(appended.deps(), appended.name, customer);
  expect(await verify(customer, appended)).toMatchObject({
    postgresRows: 3,
    bigqueryRows: 4,
    keptRows: 1,
    differences: [],
  });
});

test('a change on its way is no difference', async () => {
  const customer = newCustomer();
  const [item] = await filled(customer, 3);
  if (!item) throw new Error('no row');
  await mirror.put({ ...item, body: 'on its way' });
  const relay = startRelay(mirror.deps());
  const found = await verify(customer);
  await relay.stop();
  expect(found?.differences).toEqual([]);
});

test('what was set aside is shown, and goes again when staff say so', async () => {
  const customer = newCustomer();
  const item = { ...mirror.item(customer), price: 'not a number' };
  await mirror.put(item);
  await flushOnce(mirror.deps(), { mirrors: [mirror.name] });
  const status = (await mirrorStatus()).find(({ mirror: name }) => name === mirror.name);
  expect(status).toMatchObject({ waiting: 0, waitingSince: null, dead: 1, openJobs: 0 });
  expect((await deadChanges()).find(({ key }) => key === item.id)).toMatchObject({ mirror: mirror.name });
  await db().execute(sql.raw(`UPDATE ${mirror.name.replace('test.', '')} SET price = '3' WHERE id = '${item.id}'`));
  expect(await retryDead(mirror.name)).toBe(1);
  await flushOnce(mirror.deps(), { mirrors: [mirror.name] });
  expect(await verify(customer)).toMatchObject({ bigqueryRows: 1, differences: [] });
});

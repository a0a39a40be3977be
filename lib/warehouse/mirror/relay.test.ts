import { setTimeout as sleep } from 'node:timers/promises';
import type { BigQuery } from '@google-cloud/bigquery';
import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { asRow, byId, until, withTestMirror } from '@/dev/testing/relay';
import type { Item } from '@/dev/testing/test-mirror';
import { Wire } from '@/dev/testing/wire';
import { type LockSession, openSession } from '@/lib/kernel/lock-session';
import { enqueue } from '@/lib/kernel/outbox';
import { db } from '@/lib/platform/db';
import { env } from '@/lib/platform/env';
import { startRelay } from '@/lib/warehouse/mirror/relay';
import { takeTurn } from '@/lib/warehouse/mirror/schedule/spend';
import { takePendingFairly } from '@/lib/warehouse/mirror/store';

const { mirror, newCustomer, flush } = withTestMirror('relay_test');

async function versions(customer: string): Promise<[number, number]> {
  const found = await db().execute<{ customer_id: string; version: string }>(
    sql`SELECT customer_id, version FROM data_versions WHERE table_name = ${mirror.name}`,
  );
  const of = (id: string) => Number(found.rows.find(row => row.customer_id === id)?.version ?? 0);
  return [of(customer), of('')];
}

test('changes and deletions arrive, many changes of a row as one, and the versions rise', async () => {
  const customer = newCustomer();
  const [kept, gone] = [mirror.item(customer, 'first'), mirror.item(customer)];
  await mirror.put(kept, gone);
  expect(await flush()).toEqual({ rows: 2 });
  const [mine, all] = await versions(customer);
  await mirror.put({ ...kept, body: 'second' });
  await mirror.put({ ...kept, body: 'third' });
  await mirror.remove(gone);
  expect(await flush()).toEqual({ rows: 2 });
  expect(await mirror.rows(customer)).toEqual([asRow({ ...kept, body: 'third' })]);
  expect(await versions(customer)).toEqual([mine + 1, all + 1]);
  expect(await mirror.waiting()).toBe(0);
});

test('a customer’s rows go to that customer’s dataset, which is made when it is missing', async () => {
  const [one, other] = [newCustomer(), newCustomer()];
  const items = [mirror.item(one), mirror.item(other)] as const;
  await mirror.put(...items);
  await flush();
  expect(await mirror.rows(one)).toEqual([asRow(items[0])]);
  expect(await mirror.rows(other)).toEqual([asRow(items[1])]);
});

test('more rows than a batch holds all arrive', async () => {
  const customer = newCustomer();
  const items = Array.from({ length: 1_203 }, (_, index) => mirror.item(customer, `row ${index}`));
  await mirror.put(...items);
  expect(await flush()).toEqual({ rows: 1_203 });
  expect(await mirror.rows(customer)).toEqual(items.map(asRow).sort(byId));
});

test('of a table that all share, a customer’s few changes do not wait behind another’s backlog', async () => {
  const [busy, quiet] = [newCustomer(), newCustomer()];
  await mirror.put(...Array.from({ length: 4_000 }, () => mirror.item(busy)));
  await mirror.put(mirror.item(quiet));
  const session = await openSession('mirror');
  const taken = await takePendingFairly(session, mirror.name, { limit: 2_000 });
  await session.close();
  expect(taken.filter(change => change.customerId === quiet)).toHaveLength(1);
  expect(taken.filter(change => change.customerId === busy)).toHaveLength(1_000);
  await db().execute(sql`DELETE FROM outbox WHERE mirror = ${mirror.name}`);
});

test('a row BigQuery refuses is set aside alone, and a later change of it heals', async () => {
  const customer = newCustomer();
  const items = Array.from({ length: 9 }, () => mirror.item(customer));
  const poison = { ...mirror.item(customer), price: '9'.repeat(60) };
  const unsendable = { ...mirror.item(customer), price: 'not a number' };
  await mirror.put(...items.slice(0, 5), poison, unsendable, ...items.slice(5));
  await flush();
  expect(await mirror.rows(customer)).toEqual(items.map(asRow).sort(byId));
  const dead = () =>
    db().execute<{ key: string; error: string }>(sql`SELECT key, error FROM outbox_dead WHERE mirror = ${mirror.name}`);
  const found = await dead();
  expect(found.rows.map(row => row.key).sort()).toEqual([poison.id, unsendable.id].sort());
  expect(found.rows.find(row => row.key === unsendable.id)?.error).toContain('items.price: expected a decimal number');
  await mirror.put({ ...poison, price: '1.25' }, { ...unsendable, price: null });
  await flush();
  expect((await dead()).rows).toEqual([]);
  expect(await mirror.rows(customer)).toHaveLength(11);
});

test('a change of nobody we know is set aside and holds up nobody', async () => {
  const customer = newCustomer();
  const item = mirror.item(customer);
  const stray = { ...mirror.item(customer), customerId: 'unknown' };
  await mirror.put(stray, item);
  await flush();
  expect(await mirror.rows(customer)).toEqual([asRow(item)]);
  await db().execute(sql`DELETE FROM outbox_dead WHERE key = ${stray.id}`);
});

/** A customer with a table of these columns instead of the mirror's, and one item that is not there. */
async function customerWith(changed: Parameters<typeof mirror.reshape>[1]): Promise<{ customer: string; item: Item }> {
  const customer = newCustomer();
  await mirror.deps().ensureDataset(mirror.datasetOf(customer));
  await mirror.reshape(customer, changed);
  return { customer, item: mirror.item(customer, 'text') };
}

test.each([
  ['a column that this version added', { body: null }],
  ['a column that may be empty since this version', { price: { type: 'NUMERIC', mode: 'REQUIRED' } }],
])('%s is changed in the table of the version before, and no row is set aside', async (_, changed) => {
  const { customer, item } = await customerWith(changed);
  const priced = { ...mirror.item(customer, 'priced'), price: '1.25' };
  await mirror.put(item, priced);
  expect(await flush()).toEqual({ rows: 2 });
  expect(await mirror.rows(customer)).toEqual([item, priced].map(asRow).sort(byId));
  const dead = await db().execute(sql`SELECT key FROM outbox_dead WHERE mirror = ${mirror.name}`);
  expect(dead.rows).toEqual([]);
});

/** A column that no row may lack cannot be added to a table that has rows. */
const requiredMissing = { customer_id: null };

test('a table that cannot be changed in place rests and is told of, sets no row aside and holds up nobody', async () => {
  const { customer, item } = await customerWith(requiredMissing);
  const other = newCustomer();
  const free = mirror.item(other, 'can go');
  await mirror.put(item, free);
  await expect(flush()).rejects.toThrow(`${mirror.datasetOf(customer)}.items cannot be written`);
  expect(await mirror.rows(other)).toEqual([asRow(free)]);
  expect(await mirror.waiting()).toBe(1);
  await mirror.reshape(customer, {});
  expect(await flush()).toEqual({ rows: 1 });
});

test('a running relay tries to change such a table once a minute, however often it is refused', async () => {
  const { customer, item } = await customerWith(requiredMissing);
  const deps = mirror.deps();
  const asked: string[] = [];
  let refused = 0;
  const relay = startRelay({
    ...deps,
    ensureDataset: async dataset => {
      asked.push(dataset);
      await deps.ensureDataset(dataset);
    },
    hooks: { beforeMerge: async () => void refused++ },
  });
  await mirror.put(item);
  await until(async () => refused >= 4);
  await relay.stop();
  expect(asked).toEqual([mirror.datasetOf(customer)]);
  expect(await mirror.waiting()).toBe(1);
  await db().execute(sql`DELETE FROM outbox WHERE mirror = ${mirror.name}`);
});

test('two relays at once never take a row backward and send each change', async () => {
  const customer = newCustomer();
  const item = mirror.item(customer, '0');
  await mirror.put(item);
  await flush();
  const relays = [startRelay(mirror.deps()), startRelay(mirror.deps())];
  const seen: number[] = [];
  for (let version = 1; version <= 40; version++) {
    await mirror.put({ ...item, body: String(version) });
    if (version % 4 === 0) seen.push(Number((await mirror.rows(customer))[0]?.body));
  }
  await until(async () => (await mirror.waiting()) === 0);
  await Promise.all(relays.map(relay => relay.stop()));
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  expect(await mirror.rows(customer)).toEqual([asRow({ ...item, body: '40' })]);
});

test('a commit reaches BigQuery within a second while the relay runs', async () => {
  const customer = newCustomer();
  await mirror.put(mirror.item(customer));
  const relay = startRelay(mirror.deps());
  await until(async () => (await mirror.waiting()) === 0);
  const started = Date.now();
  await mirror.put(mirror.item(customer));
  await until(async () => (await mirror.waiting()) === 0);
  await relay.stop();
  expect(Date.now() - started).toBeLessThan(2_000);
});

/** Counts the requests that go to BigQuery. */
function counted() {
  const deps = mirror.deps();
  let requests = 0;
  const { authClient } = deps.bigquery;
  const request = (...of: Parameters<typeof authClient.request>) => {
    requests++;
    return authClient.request(...of);
  };
  return {
    deps: { ...deps, bigquery: Object.create(deps.bigquery, { authClient: { value: { request } } }) as BigQuery },
    requests: () => requests,
  };
}

test('a table with nothing waiting causes no request to BigQuery, however many were written before', async () => {
  const customers = Array.from({ length: 5 }, newCustomer);
  await mirror.put(...customers.map(customer => mirror.item(customer)));
  const { deps, requests } = counted();
  const relay = startRelay(deps);
  await until(async () => (await mirror.waiting()) === 0);
  const before = requests();
  expect(before).toBeGreaterThanOrEqual(2 * customers.length);
  await sleep(2_500);
  expect(requests()).toBe(before);
  const [last] = customers as [string];
  await mirror.put(mirror.item(last));
  await until(async () => (await mirror.waiting()) === 0);
  await relay.stop();
  expect(requests()).toBeLessThanOrEqual(before + 2);
});

test('a burst of one tenant delays another’s change by no more than the flush under way, also where one is sent at a time', async () => {
  const [busy, quiet] = [newCustomer(), newCustomer()];
  await mirror.put(mirror.item(busy), mirror.item(quiet));
  await flush();
  await mirror.put(...Array.from({ length: 6_000 }, () => mirror.item(busy)));
  const relay = startRelay({ ...mirror.deps(), limits: { parallelMerges: 1 } });
  await until(async () => (await mirror.waiting()) < 6_000);
  await mirror.put(mirror.item(quiet));
  await until(async () => !(await mirror.waitingOf()).has(quiet));
  const ofBusy = (await mirror.waitingOf()).get(busy) ?? 0;
  await relay.stop();
  expect(ofBusy).toBeGreaterThan(1_000);
  await db().execute(sql`DELETE FROM outbox WHERE mirror = ${mirror.name}`);
});

test('a tenant that has spent its budget is written when its interval is over, a person’s change of it at once', async () => {
  const [debtor, other] = [newCustomer(), newCustomer()];
  await db().execute(sql`INSERT INTO mirror_spend (customer_id, month, bytes_billed, merges)
    VALUES (${debtor}, date_trunc('month', now() AT TIME ZONE 'UTC'), ${1024 ** 5}, 1000000)`);
  await mirror.put(mirror.item(debtor), mirror.item(other));
  const relay = startRelay(mirror.deps());
  await until(async () => !(await mirror.waitingOf()).has(other));
  await sleep(1_500);
  expect((await mirror.waitingOf()).get(debtor)).toBe(1);
  expect(relay.lateSeconds()).toBe(0);
  await db().transaction(tx => enqueue(tx, [mirror.ref(mirror.item(debtor))], { first: true }));
  await until(async () => (await mirror.waiting()) === 0, 2_000);
  await relay.stop();
  await db().execute(sql`DELETE FROM mirror_spend WHERE customer_id = ${debtor}`);
});

test('the turns of all workers’ MERGEs come one after another', async () => {
  const sessions = await Promise.all([openSession('mirror'), openSession('mirror')]);
  const waits = await Promise.all(Array.from({ length: 12 }, (_, at) => takeTurn(sessions[at % 2] as LockSession, 20)));
  await Promise.all(sessions.map(session => session.close()));
  // Others of this database may take turns too; a few are given out at once after a rest.
  expect(Math.max(...waits)).toBeGreaterThan(350);
});

test('a relay whose connection dies writes on with a new one', async () => {
  const customer = newCustomer();
  await mirror.put(mirror.item(customer));
  const relay = startRelay(mirror.deps());
  await until(async () => (await mirror.waiting()) === 0);
  await db().execute(sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE query LIKE 'SELECT mirror, customer_id AS%' AND application_name = ${`tenantry-${process.pid}`}`);
  await mirror.put(mirror.item(customer));
  await until(async () => (await mirror.waiting()) === 0);
  await relay.stop();
  expect(await mirror.rows(customer)).toHaveLength(2);
});

test('a session that had no answer in time sends nothing more, and what waits behind it fails at once', async () => {
  const wire = new Wire(env().DATABASE_URL);
  const session = await openSession('mirror', { connectionString: await wire.listen(), answerWithinMs: 500 });
  wire.freeze();
  const startedAt = Date.now();
  const asked = await Promise.allSettled([1, 2, 3].map(() => session.query('SELECT 1')));
  expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(Date.now() - startedAt).toBeLessThan(1_000);
  expect(session.alive()).toBe(false);
  wire.close();
});

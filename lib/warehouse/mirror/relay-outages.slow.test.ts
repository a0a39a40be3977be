/** What the relay promises while something fails: nothing is lost, whether it is killed, BigQuery is down or its connection falls silent. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { asRow, byId, until, withTestMirror } from '@/dev/testing/relay';
import type { Item } from '@/dev/testing/test-mirror';
import { Wire } from '@/dev/testing/wire';
import { createBigQuery } from '@/lib/platform/bigquery/bigquery';
import { db } from '@/lib/platform/db';
import { env } from '@/lib/platform/env';
import { startRelay } from '@/lib/warehouse/mirror/relay';

const { name, mirror, newCustomer, flush } = withTestMirror('relay_outage');

test.each(['before', 'after'])(
  'a relay killed %s its MERGE leaves the copy equal once the next has run',
  async point => {
    const customer = newCustomer();
    const items = Array.from({ length: 20 }, () => mirror.item(customer, 'old'));
    await mirror.put(...items);
    if (point === 'after') await mirror.deps().ensureDataset(mirror.datasetOf(customer));
    const child = spawn('node_modules/.bin/tsx', ['dev/testing/killed-relay.ts', name, point], {
      stdio: 'ignore',
    });
    const [, signal] = await once(child, 'exit');
    // tsx passes its child's end on, as the signal or as 128 + 9.
    expect(signal === 'SIGKILL' || child.exitCode === 137).toBe(true);
    const recorded = await db().execute(sql`SELECT job_id FROM mirror_jobs WHERE mirror = ${mirror.name}`);
    expect(recorded.rows).toHaveLength(1);
    expect(await mirror.waiting()).toBe(20);
    const [first, ...rest] = items as [Item, ...Item[]];
    await mirror.put({ ...first, body: 'new' });
    await flush();
    expect(await mirror.rows(customer)).toEqual([{ ...first, body: 'new' }, ...rest].map(asRow).sort(byId));
    expect(await mirror.waiting()).toBe(0);
  },
);

test('while BigQuery is down nothing is lost; once it is back everything arrives', async () => {
  const customer = newCustomer();
  const items = [mirror.item(customer), mirror.item(customer)];
  await mirror.put(...items);
  const deps = mirror.deps();
  const down = createBigQuery({ projectId: 'tenantry-local', apiUrl: 'http://127.0.0.1:9' });
  let client = down;
  const relay = startRelay({
    ...deps,
    get bigquery() {
      return client;
    },
  });
  await sleep(1_500);
  expect(await mirror.waiting()).toBe(2);
  client = deps.bigquery;
  await until(async () => (await mirror.waiting()) === 0, 40_000);
  await relay.stop();
  expect(await mirror.rows(customer)).toEqual(items.map(asRow).sort(byId));
}, 60_000);

test('a relay whose connection falls silent notices it in time, writes on with a new one, and stops when told to', async () => {
  const customer = newCustomer();
  const wire = new Wire(env().DATABASE_URL);
  const session = { connectionString: await wire.listen(), answerWithinMs: 500 };
  const relay = startRelay({ ...mirror.deps(), session });
  await mirror.put(mirror.item(customer));
  await until(async () => (await mirror.waiting()) === 0);
  // The flush gives up its lock first: one that a silent connection holds stays until Postgres notices the silence.
  await sleep(500);
  wire.freeze();
  await mirror.put(mirror.item(customer));
  const frozenAt = Date.now();
  await until(async () => (await mirror.waiting()) === 0);
  expect(Date.now() - frozenAt).toBeLessThan(10_000);
  wire.freeze();
  const stoppedAt = Date.now();
  await relay.stop();
  expect(Date.now() - stoppedAt).toBeLessThan(5_000);
  wire.close();
  expect(await mirror.rows(customer)).toHaveLength(2);
});

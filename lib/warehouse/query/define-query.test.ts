/** Reads of a customer whose rows change, on real stores. */
import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { runInput } from '@/dev/testing/quota';
import { createWorld, type World } from '@/dev/testing/world';
import { createKey, renameKey, revokeKey } from '@/lib/domains/keys/commands';
import { listKeys } from '@/lib/domains/keys/queries';
import { listDays } from '@/lib/domains/quotas/queries';
import { startRun } from '@/lib/domains/runs/start/reserve';
import { relayDeps } from '@/lib/edge/worker/mirrors';
import { addDays, utcDay } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';
import { env } from '@/lib/platform/env';
import { metrics } from '@/lib/platform/metrics';
import { flushOnce } from '@/lib/warehouse/mirror/relay';
import { takeQuestion } from '@/lib/warehouse/query/query-budget';

const flush = (world: World) => flushOnce(relayDeps(), { customers: [world.customerId], lockWaitMs: 20_000 });

/** How often this process has sent the statement of that name. */
async function sent(query: string): Promise<number> {
  const { values } = await metrics().querySeconds.get();
  return values.find(({ metricName, labels }) => metricName?.endsWith('_count') && labels.query === query)?.value ?? 0;
}

const moveVersions = (world: World) =>
  db().execute(sql`UPDATE data_versions SET version = version + 1 WHERE customer_id = ${world.customerId}`);

test('a customer that starts runs all the time costs one query, and its views show how old their rows are', async () => {
  const world = await createWorld({ plan: 'SCALE' });
  await startRun(world.system, runInput());
  await flush(world);
  const today = utcDay(new Date());
  const view = () => listDays(world.as('VIEWER'), { fromDay: today, toDay: today });
  const first = await view();
  expect(first).toMatchObject({ state: 'current', rows: [{ pipelines_run_today: 1 }] });
  const before = await sent('quota.list_days');
  await startRun(world.system, runInput());
  await flush(world);
  for (let look = 0; look < 20; look++) {
    await moveVersions(world);
    expect(await view()).toMatchObject({ state: 'refreshing', readAt: first.readAt, rows: first.rows });
  }
  expect(await sent('quota.list_days')).toBe(before);
  const tomorrow = { ...world.as('VIEWER'), clock: () => new Date(Date.now() + 86_400_000) };
  const next = await listDays(tomorrow, { fromDay: today, toDay: today });
  expect(next).toMatchObject({ state: 'current', rows: [{ pipelines_run_today: 2 }] });
  expect((await listDays(tomorrow, { fromDay: addDays(today, 1), toDay: addDays(today, 1) })).rows).toEqual([]);
});

test('what people change is shown at once and stays shown, also while rows from before are shown with it', async () => {
  const world = await createWorld();
  const make = async (name: string) =>
    (await createKey(world.system, { name, scopes: ['runs:read'] })).result.key.api_key_id;
  const [renamed, revoked] = [await make('renamed'), await make('revoked')];
  await flush(world);
  const shown = async () => {
    const { state, keys, total } = await listKeys(world.as('VIEWER'), {});
    return { state, total, keys: keys.map(({ name, updating }) => `${name}${updating ? ' updating' : ''}`) };
  };
  expect(await shown()).toEqual({ state: 'current', total: 2, keys: ['revoked', 'renamed'] });
  const before = await sent('api_key.list');
  await renameKey(world.system, { api_key_id: renamed, name: 'with a new name' });
  await revokeKey(world.system, { api_key_id: revoked });
  await make('new');
  expect(await shown()).toEqual({ state: 'current', total: 2, keys: ['new updating', 'with a new name updating'] });
  await flush(world);
  expect(await shown()).toEqual({ state: 'refreshing', total: 2, keys: ['new', 'with a new name'] });
  expect(await sent('api_key.list')).toBe(before);
});

test('a change that waited when BigQuery was asked stays shown after the mirror has sent it', async () => {
  const world = await createWorld();
  await createKey(world.system, { name: 'early', scopes: ['runs:read'] });
  await db().execute(
    sql`UPDATE api_keys SET updated_at = now() - interval '1 day' WHERE customer_id = ${world.customerId}`,
  );
  const names = async () => (await listKeys(world.as('VIEWER'), {})).keys.map(key => [key.name, key.updating]);
  expect(await names()).toEqual([['early', true]]);
  await flush(world);
  expect(await names()).toEqual([['early', false]]);
});

test('a customer that has used up its questions sees its last rows with their age, or when to come again', async () => {
  const world = await createWorld();
  const viewer = world.as('VIEWER');
  const { readAt } = await listKeys(viewer, {});
  await flush(world);
  for (let question = 1; question < env().BIGQUERY_QUESTIONS_PER_MINUTE; question++)
    await takeQuestion(world.customerId);
  const tomorrow = { ...viewer, clock: () => new Date(Date.now() + 86_400_000) };
  expect(await listKeys(tomorrow, {})).toMatchObject({ state: 'limited', readAt });
  await expect(listKeys(viewer, { status: 'all' })).rejects.toMatchObject({ code: 'rate_limited', status: 429 });
  const other = await createWorld();
  expect(await listKeys(other.as('VIEWER'), { status: 'all' })).toMatchObject({ state: 'current' });
});

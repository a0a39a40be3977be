/** Runs of provider configs over HTTP: what workers are told of them, and what they may name. */
import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { caller, customerKey } from '@/dev/testing/data-plane';
import { insertConfig } from '@/dev/testing/providers/configs';
import { runInput } from '@/dev/testing/quota';
import { createWorld } from '@/dev/testing/world';
import { makeDueRuns } from '@/lib/domains/providers/schedule/make-runs';
import { providerConfigs } from '@/lib/domains/providers/tables';
import { app } from '@/lib/edge/v1/app';
import { db } from '@/lib/platform/db';

const call = caller(async (input, init) => app.fetch(new Request(input as string, init)));

test('a worker claims the run of a schedule, sees its config and time, keeps it alive and ends it; the config follows', async () => {
  const world = await createWorld();
  const key = (await customerKey(world)).text;
  const post = (path: string, json: object = {}) => call(path, { method: 'POST', key, json });
  // Due a minute ago and not again for an hour or more, so that the run is there to be claimed.
  const nextRunAt = new Date(Math.floor(Date.now() / 60_000) * 60_000 - 60_000);
  const config = await insertConfig(world, {
    scheduleCron: `${nextRunAt.getUTCMinutes()} * * * *`,
    defaultParameters: { project: 'acme-prod' },
    nextRunAt,
  });
  const waiting = post('/v1/runs/claim', { wait_seconds: 20, worker_instance: 'worker-1' });
  await makeDueRuns({ customers: [world.customerId] });
  const claimed = await waiting;
  expect([claimed.status, claimed.json]).toMatchObject([
    200,
    {
      status: 'RUNNING',
      trigger_type: 'scheduler',
      origin: 'schedule',
      config_id: config.configId,
      scheduled_for: config.nextRunAt?.toISOString(),
      config_version: 'v1',
      parameters: { project: 'acme-prod' },
    },
  ]);
  const run = `/v1/runs/${claimed.json.pipeline_logging_id}`;
  expect((await post(`${run}/heartbeat`)).json).toMatchObject({ cancel_requested: false, config_id: config.configId });
  await post(`${run}/complete`, { status: 'FAILED', error_message: 'No access to the export' });
  expect((await call(run, { key })).json).toMatchObject({ status: 'FAILED', config_id: config.configId });
  const [after] = await db().select().from(providerConfigs).where(eq(providerConfigs.configId, config.configId));
  expect(after).toMatchObject({ consecutiveFailures: 1, lastSuccessAt: null });
  expect(after?.lastFailureAt?.toISOString()).toBe((await call(run, { key })).json.end_time);
});

test('a start may name a config of the caller; the list is narrowed by it', async () => {
  const [world, other] = [await createWorld(), await createWorld()];
  const key = (await customerKey(world)).text;
  const config = await insertConfig(world);
  const foreign = await insertConfig(other);
  const start = (config_id?: string) => call('/v1/runs', { method: 'POST', key, json: { ...runInput(), config_id } });
  await start();
  const own = await start(config.configId);
  expect([own.status, own.json.config_id]).toEqual([201, config.configId]);
  for (const id of [foreign.configId, 'cfg_nothing']) {
    const refused = await start(id);
    expect([refused.status, refused.json.code]).toEqual([404, 'not_found']);
    expect(refused.text).not.toContain(foreign.customerId);
  }
  expect((await start('no id')).status).toBe(400);
  const listed = async (id: string) =>
    ((await call(`/v1/runs?config_id=${id}`, { key })).json.data as { config_id: string }[]).map(run => run.config_id);
  expect(await listed(config.configId)).toEqual([config.configId]);
  expect(await listed(foreign.configId)).toEqual([]);
});

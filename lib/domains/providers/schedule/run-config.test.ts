import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { insertConfig } from '@/dev/testing/providers/configs';
import { insertPendingRuns } from '@/dev/testing/runs';
import { createWorld, type World } from '@/dev/testing/world';
import { runConfig } from '@/lib/domains/providers/schedule/run-config';
import { type ProviderConfig, providerConfigs } from '@/lib/domains/providers/tables';
import { applyLimits } from '@/lib/domains/quotas/counters';
import { claimRun } from '@/lib/domains/runs/start/claim';
import { runAgain } from '@/lib/domains/runs/start/commands';
import { completeRun } from '@/lib/domains/runs/start/lease';
import { startRun } from '@/lib/domains/runs/start/reserve';
import { runs } from '@/lib/domains/runs/tables';
import { auditLog } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';
import { newUuid } from '@/lib/platform/ids';

const runsOf = (config: ProviderConfig) => db().select().from(runs).where(eq(runs.configId, config.configId));
const runNow = (world: World, config: ProviderConfig, token = newUuid()) =>
  runConfig(world.as('COLLABORATOR'), { config_id: config.configId, request_token: token });
const started = { pipeline_id: 'gcp_cost', trigger_type: 'api', trigger_by: 'test' };

test('a run now waits beside the schedule, as the person asked for it, and leaves an audit row', async () => {
  const world = await createWorld();
  const config = await insertConfig(world, { scheduleCron: '0 2 * * *', defaultParameters: { deep: true } });
  const { result } = await runNow(world, config);
  expect(await runsOf(config)).toMatchObject([
    {
      pipelineLoggingId: result.pipeline_logging_id,
      status: 'PENDING',
      triggerType: 'manual',
      triggerBy: world.members.COLLABORATOR.email,
      origin: 'portal',
      pipelineId: 'gcp_cost',
      parameters: { deep: true },
      configVersion: 'v1',
      scheduledFor: null,
    },
  ]);
  const [row] = await db().select().from(providerConfigs).where(eq(providerConfigs.configId, config.configId));
  expect(row?.nextRunAt).toEqual(config.nextRunAt);
  const audit = await db().select().from(auditLog).where(eq(auditLog.targetId, config.configId));
  expect(audit).toMatchObject([{ action: 'provider_config.run', targetType: 'provider_config' }]);
});

test('a double click makes one run; another click makes another', async () => {
  const world = await createWorld();
  const config = await insertConfig(world);
  const token = newUuid();
  const answers = await Promise.all([1, 2, 3].map(() => runNow(world, config, token)));
  expect(new Set(answers.map(({ result }) => result.pipeline_logging_id)).size).toBe(1);
  await runNow(world, config);
  expect(await runsOf(config)).toHaveLength(2);
});

test('it is refused where the config is off, of somebody else, or no run may start', async () => {
  const [world, other] = [await createWorld(), await createWorld()];
  const off = await insertConfig(world, { isActive: false });
  const config = await insertConfig(world);
  await expect(runNow(world, off)).rejects.toMatchObject({ code: 'conflict' });
  await expect(runNow(other, config)).rejects.toMatchObject({ code: 'not_found' });
  await applyLimits(db(), world.customerId, { refusalReason: 'customer_suspended' });
  await expect(runNow(world, config)).rejects.toMatchObject({ code: 'customer_suspended' });
  expect(await runsOf(config)).toEqual([]);
});

test('where 500 runs wait already it is refused and makes none', async () => {
  const world = await createWorld();
  const config = await insertConfig(world);
  await insertPendingRuns(world, 500);
  await expect(runNow(world, config)).rejects.toMatchObject({ code: 'conflict' });
  expect(await runsOf(config)).toEqual([]);
});

test('a run that a worker starts may name a config of its customer that is on, and no other', async () => {
  const [world, other] = [await createWorld(), await createWorld()];
  const config = await insertConfig(world);
  const off = await insertConfig(world, { isActive: false });
  const { run } = await startRun(world.system, { ...started, config_id: config.configId });
  expect(run.configId).toBe(config.configId);
  expect((await runsOf(config))[0]?.status).toBe('RUNNING');
  for (const [caller, configId] of [
    [other.system, config.configId],
    [world.system, off.configId],
    [world.system, 'cfg_unknown'],
  ] as const) {
    await expect(startRun(caller, { ...started, config_id: configId })).rejects.toMatchObject({ code: 'not_found' });
  }
  await completeRun(world.system, { status: 'COMPLETED' }, run.pipelineLoggingId);
  const [row] = await db().select().from(providerConfigs).where(eq(providerConfigs.configId, config.configId));
  expect(row).toMatchObject({ lastRunAt: run.startTime, consecutiveFailures: 0 });
  expect(row?.lastSuccessAt).not.toBeNull();
});

test('a run of a config that is asked for again is of that config, and not of its schedule', async () => {
  const world = await createWorld();
  const config = await insertConfig(world);
  await runNow(world, config);
  const claimed = await claimRun(world.system, {});
  const id = String(claimed?.run.pipelineLoggingId);
  await completeRun(world.system, { status: 'FAILED', error_message: 'boom' }, id);
  await runAgain(world.as('OWNER'), { pipeline_logging_ids: [id], idempotency_key: newUuid() });
  const again = (await runsOf(config)).find(run => run.rerunOf === id);
  expect(again).toMatchObject({ triggerType: 'retry', status: 'PENDING', scheduledFor: null });
});

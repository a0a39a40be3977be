import { setTimeout as sleep } from 'node:timers/promises';
import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { insertConfig } from '@/dev/testing/providers/configs';
import { createWorld } from '@/dev/testing/world';
import { customers } from '@/lib/domains/customers/tables';
import { makeDueRuns } from '@/lib/domains/providers/schedule/make-runs';
import { runConfig } from '@/lib/domains/providers/schedule/run-config';
import { type ProviderConfig, providerConfigs } from '@/lib/domains/providers/tables';
import { applyLimits } from '@/lib/domains/quotas/counters';
import { claimRun } from '@/lib/domains/runs/start/claim';
import { completeRun } from '@/lib/domains/runs/start/lease';
import { cancelWaitingRuns } from '@/lib/domains/runs/start/queue-run';
import { reapOverdueLeases } from '@/lib/domains/runs/start/reaper';
import { startRun } from '@/lib/domains/runs/start/reserve';
import { runs } from '@/lib/domains/runs/tables';
import { db } from '@/lib/platform/db';

test('schedules, claims, ends, reaping, “Run now” and switching off and on never wait for one another in a circle', async () => {
  const world = await createWorld();
  await applyLimits(db(), world.customerId, { dailyLimit: 100_000, concurrentLimit: 100_000 });
  const configs: ProviderConfig[] = [];
  let now = new Date();
  for (let at = 0; at < 4; at++) configs.push(await insertConfig(world, { scheduleCron: '*/5 * * * *' }));
  const configOf = (round: number) => configs[round % configs.length]!;
  let done = false;
  const counts: Record<string, number> = {};
  /** Does `work` over and over while the others do theirs, and counts it; an error, such as of a deadlock, ends the test. */
  const repeat = async (name: string, work: (round: number) => Promise<unknown>): Promise<void> => {
    for (let round = 0; !done; round++) {
      await work(round);
      counts[name] = (counts[name] ?? 0) + 1;
    }
  };
  const end = async (id: string | undefined, round: number) =>
    id && completeRun(world.system, { status: round % 2 ? 'FAILED' : 'COMPLETED' }, id);
  const switchTo = (configId: string, isActive: boolean) =>
    db().transaction(async tx => {
      await tx.select().from(customers).where(eq(customers.customerId, world.customerId)).for('update');
      const change = { isActive, nextRunAt: isActive ? now : null };
      await tx.update(providerConfigs).set(change).where(eq(providerConfigs.configId, configId));
      await cancelWaitingRuns(tx, world.system, configId);
    });
  const work = [
    ...[1, 2, 3].map(() =>
      repeat('claim and end', async round => {
        const claimed = await claimRun(world.system, {});
        await end(claimed?.run.pipelineLoggingId, round);
      }),
    ),
    ...[1, 2].map(() =>
      repeat('start and end', async round => {
        const input = { pipeline_id: 'p', trigger_type: 'api', trigger_by: 'test' };
        const wanted = { ...input, config_id: configOf(round).configId };
        const started = await startRun(world.system, wanted).catch(() => null);
        await end(started?.run.pipelineLoggingId, round);
      }),
    ),
    ...[1, 2].map(() =>
      repeat('schedule', () => {
        now = new Date(now.getTime() + 300_000);
        return makeDueRuns({ customers: [world.customerId], clock: () => now }).then(() => sleep(10));
      }),
    ),
    repeat('run now', async round => {
      await runConfig(world.as('OWNER'), { config_id: configOf(round).configId }).catch(error => {
        if (error.code !== 'conflict') throw error;
      });
    }),
    repeat('off and on', async round => {
      await switchTo(configOf(round).configId, false);
      await switchTo(configOf(round).configId, true);
    }),
    repeat('reap', () => reapOverdueLeases().then(() => sleep(10))),
  ];
  await Promise.race([sleep(2_500), Promise.all(work)]).finally(() => {
    done = true;
  });
  await Promise.all(work);
  console.log('without a deadlock:', JSON.stringify(counts));
  expect(Object.keys(counts)).toHaveLength(6);
  expect(Math.min(...Object.values(counts))).toBeGreaterThan(2);
  const ended = await db().select().from(runs).where(eq(runs.customerId, world.customerId));
  expect(ended.filter(run => run.status === 'COMPLETED').length).toBeGreaterThan(2);
});

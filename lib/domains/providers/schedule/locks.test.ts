import { setTimeout as sleep } from 'node:timers/promises';
import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { insertConfig } from '@/dev/testing/providers/configs';
import { createWorld } from '@/dev/testing/world';
import { disableConfig, enableConfig } from '@/lib/domains/providers/activation';
import { makeDueRuns } from '@/lib/domains/providers/schedule/make-runs';
import { runConfig } from '@/lib/domains/providers/schedule/run-config';
import type { ProviderConfig } from '@/lib/domains/providers/tables';
import { applyLimits } from '@/lib/domains/quotas/counters';
import { claimRun } from '@/lib/domains/runs/start/claim';
import { completeRun } from '@/lib/domains/runs/start/lease';
import { reapOverdueLeases } from '@/lib/domains/runs/start/reaper';
import { startRun } from '@/lib/domains/runs/start/reserve';
import { runs } from '@/lib/domains/runs/tables';
import { db } from '@/lib/platform/db';

/** Lets the refusal of a config that is off pass, and nothing else. */
const unless = (code: string) => (error: unknown) => {
  if ((error as { code?: string }).code !== code) throw error;
};

test('schedules, claims, ends, reaping, “Run now” and switching off and on never wait for one another in a circle', async () => {
  const world = await createWorld({ plan: 'SCALE' });
  await applyLimits(db(), world.customerId, { dailyLimit: 100_000, concurrentLimit: 100_000 });
  const configs: ProviderConfig[] = [];
  let now = new Date();
  for (let at = 0; at < 4; at++) configs.push(await insertConfig(world, { scheduleCron: '*/5 * * * *' }));
  const configOf = (round: number) => configs[round % configs.length]!;
  const names = ['claim and end', 'start and end', 'schedule', 'run now', 'off and on', 'reap'] as const;
  /** Rounds of each, so that a busy machine shows as much as a quick one. */
  const enough = 5;
  let failed = false;
  const counts: Partial<Record<(typeof names)[number], number>> = {};
  const isDone = () => failed || names.every(name => (counts[name] ?? 0) >= enough);
  /** Does `work` over and over while the others do theirs, and counts it; an error, such as of a deadlock, ends the test. */
  const repeat = async (name: (typeof names)[number], work: (round: number) => Promise<unknown>): Promise<void> => {
    for (let round = 0; !isDone(); round++) {
      await work(round);
      counts[name] = (counts[name] ?? 0) + 1;
    }
  };
  const end = async (id: string | undefined, round: number) =>
    id && completeRun(world.system, { status: round % 2 ? 'FAILED' : 'COMPLETED' }, id);
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
        const started = await startRun(world.system, wanted).catch(unless('not_found'));
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
      await runConfig(world.as('OWNER'), { config_id: configOf(round).configId }).catch(unless('conflict'));
    }),
    repeat('off and on', async round => {
      const input = { config_id: configOf(round).configId };
      await disableConfig(world.as('OWNER'), input);
      await enableConfig(world.as('OWNER'), input);
    }),
    repeat('reap', () => reapOverdueLeases().then(() => sleep(10))),
  ];
  await Promise.all(work).finally(() => {
    failed = true;
  });
  console.log('without a deadlock:', JSON.stringify(counts));
  const ended = await db().select().from(runs).where(eq(runs.customerId, world.customerId));
  expect(ended.filter(run => run.status === 'COMPLETED').length).toBeGreaterThan(2);
});

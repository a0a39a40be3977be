import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { rowsOf } from '@/dev/testing/messages';
import { runInput } from '@/dev/testing/quota';
import { createWorld, type World } from '@/dev/testing/world';
import { collectNoted } from '@/lib/domains/notifications/collect';
import { runFailures } from '@/lib/domains/notifications/tables';
import { quotaEvents } from '@/lib/domains/quotas/tables';
import { completeRun } from '@/lib/domains/runs/start/lease';
import { startRun } from '@/lib/domains/runs/start/reserve';
import { db } from '@/lib/platform/db';

const start = async (world: World, pipeline = 'daily_costs') =>
  (await startRun(world.system, { ...runInput(), pipeline_id: pipeline }, {})).run.pipelineLoggingId;
const end = (world: World, id: string, status: 'COMPLETED' | 'FAILED' | 'CANCELLED', message?: string) =>
  completeRun(world.system, { status, error_message: message }, id);

/** Collects until nothing of the customer is left; another worker on the same database may be at it too. */
async function collect(world: World): Promise<void> {
  const only = { customers: [world.customerId] };
  await expect
    .poll(async () => {
      await collectNoted(only);
      const quota = await db().select().from(quotaEvents).where(eq(quotaEvents.customerId, world.customerId));
      const failed = await db().select().from(runFailures).where(eq(runFailures.customerId, world.customerId));
      return [...quota.map(note => note.sentAt), ...failed.map(note => note.toldAt)].filter(at => at === null).length;
    })
    .toBe(0);
}

const toldTo = async (world: World, event: string) =>
  (await rowsOf(world)).filter(row => row.event === event && row.recipient === world.members.OWNER.email);

test('80 % and 100 % of the day’s runs are told once each, with the counts at that moment', async () => {
  const world = await createWorld();
  for (let run = 1; run <= 6; run++) await end(world, await start(world), 'COMPLETED');
  await expect(start(world)).rejects.toMatchObject({ code: 'quota_exceeded' });
  await collect(world);
  await collect(world);
  const warnings = await toldTo(world, 'quota_warning');
  expect(warnings.map(row => row.data)).toMatchObject([{ runs: 5, daily_limit: 6 }]);
  const exceeded = await toldTo(world, 'quota_exceeded');
  expect(exceeded.map(row => row.data)).toMatchObject([{ runs: 6, daily_limit: 6 }]);
});

test('failed runs are told at most once a pipeline and hour, with the first one’s message', async () => {
  const world = await createWorld({ plan: 'PROFESSIONAL' });
  for (const message of ['first, password=hunter2', 'second', 'third'])
    await end(world, await start(world), 'FAILED', message);
  await end(world, await start(world, 'other'), 'FAILED');
  await end(world, await start(world, 'fine'), 'COMPLETED');
  await end(world, await start(world, 'stopped'), 'CANCELLED');
  await collect(world);
  const told = await toldTo(world, 'run_failed');
  const hours = new Set(told.map(row => row.subject.split('@')[1]));
  // The test may run across the end of an hour, in which case a pipeline may be told of twice.
  expect(told.length).toBeLessThanOrEqual(2 * hours.size);
  expect(new Set(told.map(row => row.subject.split('@')[0]))).toEqual(new Set(['daily_costs', 'other']));
  const messages = told.map(row => (row.data as { error_message: string | null }).error_message);
  expect(messages).toContain('first, password=[secret]');
  expect(messages).toContain(null);
  expect((await rowsOf(world)).filter(row => row.recipient === world.members.VIEWER.email)).toMatchObject([
    { event: 'run_failed', status: 'suppressed' },
    { event: 'run_failed', status: 'suppressed' },
  ]);
});

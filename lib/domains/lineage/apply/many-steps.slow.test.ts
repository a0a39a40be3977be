/** Long runs and many runs: how fast events are applied, and where a run's steps end. */
import { eq, sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { seeded, shuffled } from '@/dev/testing/lineage/shuffled';
import { story } from '@/dev/testing/lineage/story';
import { queueEvents, tell } from '@/dev/testing/lineage/told-runs';
import { createWorld } from '@/dev/testing/world';
import { applyDueEvents } from '@/lib/domains/lineage/apply/apply-due';
import { mostSteps } from '@/lib/domains/lineage/rules';
import { lineageEvents } from '@/lib/domains/lineage/tables';
import { runs, stepLogs } from '@/lib/domains/runs/tables';
import { db } from '@/lib/platform/db';

const tellRate = (what: string, events: number, startedMs: number): number => {
  const perSecond = Math.round(events / ((performance.now() - startedMs) / 1_000));
  process.stdout.write(`${what}: ${events} events, ${perSecond} a second\n`);
  return perSecond;
};

test('a run of 10,000 steps is applied in two minutes, and keeps no more', { timeout: 300_000 }, async () => {
  const world = await createWorld();
  const { run, step } = story(new Date(Date.now() - 3_600_000));
  const dag = run();
  const steps = Array.from({ length: mostSteps - 1 }, (_, index) => step(dag, { name: `task ${index}` }));
  const events = [
    dag.event('START', 0),
    ...steps.flatMap((task, index) => [task.event('START', 1 + index / 10), task.event('COMPLETE', 2 + index / 10)]),
  ];
  await queueEvents(world, events);
  const started = performance.now();
  const { done, dead, later } = await applyDueEvents({ customers: [world.customerId] });
  expect([done, dead, later]).toEqual([events.length, 0, 0]);
  tellRate('one run of 10,000 jobs', events.length, started);
  expect(performance.now() - started).toBeLessThan(120_000);
  const over = step(dag, { name: 'one too many' });
  await tell(world, [over.event('START', 1_200), dag.event('COMPLETE', 1_300)]);
  const [stored] = await db().select().from(runs).where(eq(runs.customerId, world.customerId));
  expect(stored).toMatchObject({ status: 'COMPLETED', stepCount: mostSteps - 1, lateEvents: 1 });
  const late = await db()
    .select({ reason: lineageEvents.lateReason })
    .from(lineageEvents)
    .where(sql`${lineageEvents.customerId} = ${world.customerId} AND ${lineageEvents.status} = 'late'`);
  expect(late).toEqual([{ reason: 'too_many_steps' }]);
  const places = await db()
    .select({ place: stepLogs.stepIndex })
    .from(stepLogs)
    .where(eq(stepLogs.customerId, world.customerId))
    .orderBy(stepLogs.startTime);
  expect(places.every(({ place }, index) => place === index)).toBe(true);
});

test('a run of 2,000 steps whose events come in any order has them in the order of their starts', {
  timeout: 240_000,
}, async () => {
  const world = await createWorld();
  const { run, step } = story(new Date(Date.now() - 3_600_000));
  const dag = run();
  const tasks = Array.from({ length: 2_000 }, (_, index) => step(dag, { name: `task ${index}` }));
  const events = [
    dag.event('START', 0),
    ...tasks.flatMap((task, index) => [task.event('START', 1 + index), task.event('COMPLETE', 2 + index)]),
  ];
  await queueEvents(world, shuffled(events, seeded(3)));
  const started = performance.now();
  await applyDueEvents({ customers: [world.customerId] });
  tellRate('one run of 2,000 jobs in any order', events.length, started);
  const stored = await db()
    .select({ name: stepLogs.stepName, place: stepLogs.stepIndex, status: stepLogs.status })
    .from(stepLogs)
    .where(eq(stepLogs.customerId, world.customerId))
    .orderBy(stepLogs.stepIndex);
  expect(stored).toEqual(tasks.map((_, index) => ({ name: `task ${index}`, place: index, status: 'COMPLETED' })));
});

test('events of 500 runs of ten are applied by hundreds a second', { timeout: 240_000 }, async () => {
  const world = await createWorld();
  const { run, step } = story();
  const events = Array.from({ length: 500 }, () => run()).flatMap(dag => {
    const tasks = Array.from({ length: 4 }, (_, index) => step(dag, { name: `task ${index}` }));
    const told = tasks.flatMap((task, index) => [task.event('START', index), task.event('COMPLETE', index + 1)]);
    return [dag.event('START', 0), ...told, dag.event('COMPLETE', 9)];
  });
  await queueEvents(world, events);
  const started = performance.now();
  const { done } = await applyDueEvents({ customers: [world.customerId] });
  expect(done).toBe(events.length);
  expect(tellRate('500 runs', events.length, started)).toBeGreaterThan(100);
});

import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { story } from '@/dev/testing/lineage/story';
import { queueEvents, tell, toldRun } from '@/dev/testing/lineage/told-runs';
import { createWorld } from '@/dev/testing/world';
import { forgetLineage } from '@/lib/domains/lineage/forget';
import { recordedEvents, withNewIds } from '@/lib/domains/lineage/samples/samples';
import { lineageEvents, lineageInvocations, lineageJobs, lineageRuns } from '@/lib/domains/lineage/tables';
import { db } from '@/lib/platform/db';

const dayMs = 86_400_000;

/** Rows of the customer, by table. */
async function kept(customerId: string) {
  const tables = { events: lineageEvents, jobs: lineageJobs, runs: lineageRuns, invocations: lineageInvocations };
  const counts = Object.entries(tables).map(async ([name, table]) => {
    const rows = await db().select({ id: table.customerId }).from(table).where(eq(table.customerId, customerId));
    return [name, rows.length] as const;
  });
  return Object.fromEntries(await Promise.all(counts));
}

test('applied events go after a day, all else after 35; what waits, late ones until then, and the run itself stay', async () => {
  const world = await createWorld();
  const ago = (days: number) => new Date(Date.now() - days * dayMs);
  const { run } = story(ago(36));
  const dag = run();
  await tell(world, [dag.event('START', 0), dag.event('COMPLETE', 9)], ago(36));
  await tell(world, [dag.event('RUNNING', 3)], ago(34));
  const { run: today } = story();
  const open = today();
  await tell(world, [open.event('START', 0)]);
  const dbt = withNewIds(recordedEvents('dbt-run')).map(event => ({ ...event, eventTime: ago(36).toISOString() }));
  await tell(world, dbt.slice(0, 1), ago(36));
  await queueEvents(world, [open.event('RUNNING', -7_200)], ago(25 / 24));
  expect(await kept(world.customerId)).toEqual({ events: 6, jobs: 3, runs: 3, invocations: 1 });
  await tell(world, [open.event('RUNNING', 2)]);
  await forgetLineage(new Date());
  expect(await kept(world.customerId)).toEqual({ events: 3, jobs: 1, runs: 1, invocations: 0 });
});

test('an event for a run that we have let go of is late, and makes no second run', async () => {
  const world = await createWorld();
  const { run } = story(new Date(Date.now() - 36 * dayMs));
  const dag = run();
  await tell(world, [dag.event('START', 0), dag.event('COMPLETE', 9)], new Date(Date.now() - 36 * dayMs));
  await forgetLineage(new Date());
  expect(await kept(world.customerId)).toMatchObject({ jobs: 0, runs: 0 });
  await tell(world, [dag.event('FAIL', 20)]);
  expect((await toldRun(world)).run).toMatchObject({ status: 'COMPLETED', lateEvents: 1 });
});

test('an event that was given up stays for 35 days', async () => {
  const world = await createWorld();
  const { run } = story();
  const ids = await queueEvents(world, [run().event('START', 0), run().event('START', 0)]);
  const set = (id: number | undefined, days: number) =>
    db()
      .update(lineageEvents)
      .set({ status: 'dead', receivedAt: new Date(Date.now() - days * dayMs) })
      .where(eq(lineageEvents.eventId, id ?? 0));
  await set(ids[0], 36);
  await set(ids[1], 34);
  await forgetLineage(new Date());
  const left = await db().select().from(lineageEvents).where(eq(lineageEvents.customerId, world.customerId));
  expect(left.map(({ eventId }) => eventId)).toEqual(ids.slice(1));
});

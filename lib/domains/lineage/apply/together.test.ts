/** Which events are applied together. */
import { eq, sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { story } from '@/dev/testing/lineage/story';
import { applyAll, queueEvents, toldRun } from '@/dev/testing/lineage/told-runs';
import { createWorld } from '@/dev/testing/world';
import { lineageEvents } from '@/lib/domains/lineage/tables';
import { db } from '@/lib/platform/db';

/** How many events each transaction applied, when all are of one run and as large as this. */
async function batchesOf(count: number, bytes: number): Promise<number[]> {
  const [world, { run }] = [await createWorld(), story()];
  const dag = run();
  const events = Array.from({ length: count }, (_, index) => dag.event('RUNNING', index));
  await queueEvents(world, events);
  const own = eq(lineageEvents.customerId, world.customerId);
  await db().update(lineageEvents).set({ bytes }).where(own);
  await applyAll(world);
  expect((await toldRun(world)).run.status).toBe('RUNNING');
  const rows = await db()
    .select({ applied: sql<number>`count(*) FILTER (WHERE status = 'applied')::int` })
    .from(lineageEvents)
    .where(own)
    .groupBy(sql`xmin::text`);
  return rows.map(({ applied }) => applied).sort((a, b) => b - a);
}

test('events of one run are applied together up to 8 MB', async () => {
  // Another lane may hold one of them at that moment.
  const [small = 0] = await batchesOf(20, 1_000);
  expect(small).toBeGreaterThan(4);
  const [large = 0] = await batchesOf(20, 3_000_000);
  expect(large).toBe(2);
});

test('an event that is larger than that goes alone', async () => {
  expect(await batchesOf(3, 9_000_000)).toEqual([1, 1, 1]);
});

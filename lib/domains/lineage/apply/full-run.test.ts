/** Runs that have as many steps as are kept of one. */
import { and, eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { story, type Teller } from '@/dev/testing/lineage/story';
import { tell, toldRun } from '@/dev/testing/lineage/told-runs';
import { createWorld, type World } from '@/dev/testing/world';
import { mostSteps } from '@/lib/domains/lineage/rules';
import { lineageEvents, lineageJobs, lineageRuns } from '@/lib/domains/lineage/tables';
import { db } from '@/lib/platform/db';

const ofCustomer = (world: World) => eq(lineageRuns.customerId, world.customerId);
const setCount = (world: World, jobCount: number) =>
  db().update(lineageRuns).set({ jobCount }).where(ofCustomer(world));
const jobNames = async (world: World) =>
  (await db().select().from(lineageJobs).where(eq(lineageJobs.customerId, world.customerId)))
    .map(job => job.name)
    .sort();
const lateOf = (world: World) =>
  db()
    .select({ reason: lineageEvents.lateReason })
    .from(lineageEvents)
    .where(and(eq(lineageEvents.customerId, world.customerId), eq(lineageEvents.status, 'late')));
const datasets = { outputs: [{ namespace: 'n', name: 'orders' }] };
const assetsOf = (dag: Teller, { run }: Pick<ReturnType<typeof story>, 'run'>, count: number) =>
  Array.from({ length: count }, (_, index) => run({ runId: dag.runId, name: `asset ${index}` }));

test('jobs under the run’s own id count as steps, and its own end is taken beyond the limit', async () => {
  const [world, { run, step }] = [await createWorld(), story()];
  const dag = run();
  await tell(world, [step(dag, { name: 'load' }).event('START', 1)]);
  await setCount(world, mostSteps - 1);
  const assets = assetsOf(dag, { run }, 3).map((asset, index) => asset.event('COMPLETE', 2 + index, datasets));
  await tell(world, assets);
  expect(await jobNames(world)).toEqual(['asset 0', 'load']);
  expect(await lateOf(world)).toEqual([{ reason: 'too_many_steps' }, { reason: 'too_many_steps' }]);
  await tell(world, [dag.event('COMPLETE', 9)]);
  expect((await toldRun(world)).run).toMatchObject({ status: 'COMPLETED', lateEvents: 2 });
});

test('of those that may be the run itself there is a limit too, which leaves room for the one that children name', async () => {
  const [world, { run, step }] = [await createWorld(), story()];
  const dag = run();
  await tell(world, [step(dag, { name: 'load' }).event('START', 1)]);
  await setCount(world, mostSteps + 99);
  await tell(
    world,
    assetsOf(dag, { run }, 3).map((asset, index) => asset.event('START', 2 + index)),
  );
  expect(await jobNames(world)).toEqual(['asset 0', 'load']);
  await tell(world, [dag.event('FAIL', 9, datasets)]);
  expect((await toldRun(world)).run).toMatchObject({ status: 'FAILED', lateEvents: 2 });
});

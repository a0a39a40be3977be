/** Events that come too late, or too early. */
import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { story } from '@/dev/testing/lineage/story';
import { tell, toldRun, toldRuns } from '@/dev/testing/lineage/told-runs';
import { createWorld } from '@/dev/testing/world';
import { listLateEvents } from '@/lib/domains/lineage/late/list-late-events';
import { db } from '@/lib/platform/db';
import { newUuid } from '@/lib/platform/ids';

const hours = (count: number): Date => new Date(Date.now() + count * 3_600_000);
const daySeconds = 86_400;

test('steps are taken for 24 hours after we heard of the end; from then on they are late, and counted', async () => {
  const [world, { run, step }] = [await createWorld(), story()];
  const dag = run();
  await tell(world, [dag.event('START', 0), dag.event('COMPLETE', 9)]);
  await tell(world, [step(dag, { name: 'a' }).event('START', 3)], hours(23));
  await tell(
    world,
    [step(dag, { name: 'b' }).event('START', 3), step(dag, { name: 'b' }).event('COMPLETE', 4)],
    hours(25),
  );
  const told = await toldRun(world);
  expect(told.steps.map(({ stepName }) => stepName)).toEqual(['a']);
  expect(told.run).toMatchObject({ lateEvents: 2, stepCount: 1 });
  const { events, next } = await listLateEvents(world.as('VIEWER'), { limit: 1 }, dag.runId);
  expect(events).toMatchObject([{ eventType: 'COMPLETE', jobName: 'b', jobNamespace: 'airflow' }]);
  expect(events[0]?.reason).toBe('The run ended more than 24 hours before it arrived.');
  const rest = await listLateEvents(world.as('VIEWER'), { after: next ?? '' }, dag.runId);
  expect(rest.events.map(({ eventType }) => eventType)).toEqual(['START']);
});

test('the events of a run of three weeks ago are all taken, in any order', async () => {
  const [world, { run, step }] = [await createWorld(), story(new Date(Date.now() - 21 * 86_400_000))];
  const dag = run();
  const load = step(dag, { name: 'load' });
  await tell(world, [dag.event('COMPLETE', 9)]);
  await tell(world, [load.event('COMPLETE', 3), dag.event('START', 0), load.event('START', 1)]);
  expect((await toldRun(world)).run).toMatchObject({
    status: 'COMPLETED',
    durationMs: 9_000,
    stepCount: 1,
    lateEvents: 0,
  });
});

test('a first event of more than 31 days ago makes no run; one of a run outside its window changes nothing', async () => {
  const [world, { run, step }] = [await createWorld(), story()];
  await tell(world, [run().event('START', -32 * daySeconds)]);
  expect(await toldRuns(world)).toEqual([]);
  const dag = run();
  await tell(world, [dag.event('START', 0), dag.event('START', 2 * daySeconds)]);
  await tell(world, [step(dag, { name: 'a' }).event('START', -3 * daySeconds)]);
  await tell(world, [dag.event('COMPLETE', 33 * daySeconds)], hours(24 * 33));
  const told = await toldRun(world);
  expect(told.run).toMatchObject({ lateEvents: 3, stepCount: 0 });
  const { events } = await listLateEvents(world.as('VIEWER'), {}, dag.runId);
  expect(events.map(({ reason }) => reason)).toEqual([
    'Its time lies after the window of the run.',
    'Its time lies before the window of the run.',
    'Its time is more than a day ahead of our clock.',
  ]);
});

test('another customer’s late events are not found', async () => {
  const [owner, stranger] = [await createWorld(), await createWorld()];
  const dag = story().run();
  await tell(owner, [dag.event('START', 0)]);
  await expect(listLateEvents(stranger.as('OWNER'), {}, dag.runId)).rejects.toMatchObject({ code: 'not_found' });
});

test('what came too early or too late for a new run is looked for by its id', async () => {
  const { customerId } = await createWorld();
  await db().transaction(async tx => {
    await tx.execute(sql`
      INSERT INTO lineage_events (customer_id, root_run_id, run_key, api_key_id, sent_by, event_time, event, bytes, status)
      SELECT ${customerId}, gen_random_uuid(), 'of ' || n, 'key_test', 'api_key:key_test', now(), '{}', 2, 'late'
      FROM generate_series(1, 2000) AS n`);
    // The planner knows nothing of rows that nobody has counted, and then may take any index of the table.
    await tx.execute(sql`ANALYZE lineage_events`);
    await tx.execute(sql`SET LOCAL enable_seqscan = off`);
    const { rows } = await tx.execute(sql`
      EXPLAIN UPDATE lineage_events SET pipeline_logging_id = ${newUuid()} WHERE customer_id = ${customerId}
        AND pipeline_logging_id IS NULL AND status = ${'late'} AND root_run_id = ${newUuid()}`);
    expect(JSON.stringify(rows)).toContain('lineage_events_unowned');
  });
});

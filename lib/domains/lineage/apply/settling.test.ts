/** What is decided by the clock: a start that nobody told, silence, and runs whose root never reports. */
import { expect, test } from 'vitest';
import { story } from '@/dev/testing/lineage/story';
import { applyAll, tell, toldRun, toldRuns } from '@/dev/testing/lineage/told-runs';
import { createWorld } from '@/dev/testing/world';
import { utcDay } from '@/lib/platform/clock';

const minutes = (count: number): Date => new Date(Date.now() + count * 60_000);
const hours = (count: number): Date => minutes(count * 60);

test('a run starts when its START says, also where that comes after other events', async () => {
  const [world, { at, run, step }] = [await createWorld(), story()];
  const dag = run();
  await tell(world, [step(dag, { name: 'load' }).event('START', 20)]);
  expect((await toldRun(world)).run).toMatchObject({ startTime: at(20), createdAt: at(20) });
  await tell(world, [dag.event('START', 5)]);
  expect((await toldRun(world)).run).toMatchObject({ startTime: at(5), createdAt: at(20), reportedStartTime: null });
  await tell(world, [dag.event('START', 2)]);
  expect((await toldRun(world)).run).toMatchObject({ startTime: at(5), reportedStartTime: at(2) });
});

test('without a START the earliest event stands after a minute, and a START that comes then is told beside it', async () => {
  const [world, { at, run, step }] = [await createWorld(), story()];
  const dag = run();
  await tell(world, [step(dag, { name: 'load' }).event('COMPLETE', 20)]);
  await tell(world, [step(dag, { name: 'check' }).event('COMPLETE', 10)]);
  expect((await toldRun(world)).steps).toEqual([]);
  await applyAll(world, minutes(2));
  const settled = await toldRun(world);
  expect(settled.run.startTime).toEqual(at(10));
  expect(settled.steps.map(({ stepName, startTime }) => [stepName, startTime])).toEqual([
    ['check', at(10)],
    ['load', at(20)],
  ]);
  await tell(world, [dag.event('START', 1)], minutes(2));
  expect((await toldRun(world)).run).toMatchObject({ startTime: at(10), reportedStartTime: at(1) });
});

test('a START more than a day before the first event’s time is told beside the start, so that the run is found', async () => {
  // By the day, so that the day before lies within the window at any hour.
  const noon = new Date(`${utcDay(new Date(Date.now() - 86_400_000))}T12:00:00Z`);
  const [world, { at, run, step }] = [await createWorld(), story(noon)];
  const dayBefore = (hours: number) => -hours * 3_600;
  const [near, far] = [run(), run()];
  for (const [dag, hours] of [
    [near, 23],
    [far, 25],
  ] as const) {
    await tell(world, [step(dag, { name: 'load' }).event('START', 20)]);
    await tell(world, [dag.event('START', dayBefore(hours))]);
  }
  const all = new Map((await toldRuns(world)).map(told => [told.run.pipelineLoggingId, told.run]));
  expect(all.get(near.runId)).toMatchObject({ startTime: at(dayBefore(23)), reportedStartTime: null });
  expect(all.get(far.runId)).toMatchObject({ startTime: at(20), reportedStartTime: at(dayBefore(25)) });
});

test('a run that is silent for 24 hours has failed, and its own end still counts when it comes', async () => {
  const [world, { at, run }] = [await createWorld(), story()];
  const dag = run();
  await tell(world, [dag.event('START', 0)]);
  await applyAll(world, hours(23));
  expect((await toldRun(world)).run.status).toBe('RUNNING');
  await tell(world, [dag.event('RUNNING', 60)], hours(23));
  await applyAll(world, hours(25));
  expect((await toldRun(world)).run.status).toBe('RUNNING');
  await applyAll(world, hours(48));
  expect((await toldRun(world)).run).toMatchObject({
    status: 'FAILED',
    leaseExpired: true,
    errorMessage: expect.stringContaining('sent no event for 24 hours'),
  });
  await tell(world, [dag.event('COMPLETE', 3_600)], hours(49));
  expect((await toldRun(world)).run).toMatchObject({
    status: 'COMPLETED',
    leaseExpired: false,
    errorMessage: null,
    endTime: at(3_600),
  });
});

test('a run whose root never reports ends five minutes after its last event, by the jobs directly below it', async () => {
  const [world, { at, run, step }] = [await createWorld(), story()];
  const dag = run();
  const [load, check] = [step(dag, { name: 'load' }), step(dag, { name: 'check' })];
  await tell(world, [load.event('START', 0), load.event('COMPLETE', 5), check.event('START', 5)]);
  await applyAll(world, minutes(10));
  expect((await toldRun(world)).run.status).toBe('RUNNING');
  await tell(world, [check.event('COMPLETE', 9)], minutes(10));
  await applyAll(world, minutes(14));
  expect((await toldRun(world)).run.status).toBe('RUNNING');
  await applyAll(world, minutes(16));
  expect((await toldRun(world)).run).toMatchObject({ status: 'COMPLETED', endTime: at(9) });
  // What comes later still counts.
  const retry = step(dag, { name: 'check again' });
  await tell(world, [retry.event('START', 20)], minutes(17));
  expect((await toldRun(world)).run).toMatchObject({ status: 'RUNNING', endTime: null });
  await tell(world, [retry.event('FAIL', 25)], minutes(18));
  await applyAll(world, minutes(24));
  expect((await toldRun(world)).run).toMatchObject({
    status: 'FAILED',
    endTime: at(25),
    errorMessage: 'check again failed',
  });
  await tell(world, [dag.event('COMPLETE', 30)], minutes(25));
  expect((await toldRun(world)).run).toMatchObject({ status: 'COMPLETED', endTime: at(30) });
});

test('a run whose root never reports and whose jobs were all aborted is cancelled', async () => {
  const [world, { run, step }] = [await createWorld(), story()];
  const load = step(run(), { name: 'load' });
  await tell(world, [load.event('START', 0), load.event('ABORT', 5)]);
  await applyAll(world, minutes(6));
  expect((await toldRun(world)).run).toMatchObject({ status: 'CANCELLED', errorMessage: 'by its orchestrator' });
});

test('of many steps whose START never came all are written, part by part', async () => {
  const [world, { run, step }] = [await createWorld(), story()];
  const dag = run();
  const tasks = Array.from({ length: 1_100 }, (_, index) => step(dag, { name: `task ${index}` }));
  await tell(world, [dag.event('START', 0), ...tasks.map((task, index) => task.event('COMPLETE', index / 10))]);
  expect((await toldRun(world)).steps).toEqual([]);
  await applyAll(world, minutes(2));
  const { run: stored, steps } = await toldRun(world);
  expect(stored.stepCount).toBe(1_100);
  expect(steps.map(({ stepName }) => stepName)).toEqual(tasks.map((_, index) => `task ${index}`));
});

test('a run keeps 10,000 checks, however many its jobs have', async () => {
  const [world, { run, step }] = [await createWorld(), story()];
  const assertions = [{ assertion: 'unique', success: true }];
  const inputs = Array.from({ length: 4_000 }, (_, index) => ({
    namespace: 'n',
    name: `t${index}`,
    inputFacets: { dataQualityAssertions: { assertions } },
  }));
  const dag = run();
  const tasks = ['a', 'b', 'c'].map(name => step(dag, { name }));
  const starts = tasks.map(task => task.event('START', 1));
  await tell(world, [
    dag.event('START', 0),
    ...starts,
    ...tasks.slice(0, 2).map(task => task.event('COMPLETE', 2, { inputs })),
  ]);
  expect((await toldRun(world)).run.checkCount).toBe(8_000);
  await tell(world, [...tasks.slice(2).map(task => task.event('COMPLETE', 3, { inputs })), dag.event('COMPLETE', 4)]);
  expect((await toldRun(world)).run).toMatchObject({ checkCount: 10_000, status: 'COMPLETED' });
});

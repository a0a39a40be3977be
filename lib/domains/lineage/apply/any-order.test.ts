/** However events arrive, and however many workers apply them, a run comes to one state. */
import { asc, eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { seeded, shuffled, shuffledAndRepeated } from '@/dev/testing/lineage/shuffled';
import { applyAll, queueEvents, tell, toldRun, toldRuns } from '@/dev/testing/lineage/told-runs';
import { createWorld, type World } from '@/dev/testing/world';
import { applyDueEvents } from '@/lib/domains/lineage/apply/apply-due';
import { type SentEvent, sampleEvents, sampleNames } from '@/lib/domains/lineage/samples/samples';
import { lineageRuns } from '@/lib/domains/lineage/tables';
import { db } from '@/lib/platform/db';
import { newUuid } from '@/lib/platform/ids';

const minuteMs = 60_000;

/** What a person sees of the customer's runs. When we first heard of a run is no part of it. */
async function picture(world: World) {
  const told = await toldRuns(world);
  return told
    .map(({ run, steps, checks }) => ({
      run: {
        ...run,
        customerId: null,
        createdAt: null,
        leaseExpiresAt: null,
        startedBy: null,
        pipelineLoggingId: null,
      },
      steps: steps.map(step => ({
        ...step,
        customerId: null,
        updatedAt: null,
        stepLoggingId: null,
        pipelineLoggingId: null,
      })),
      checks: checks.map(check => ({ ...check, customerId: null, dqResultId: null, pipelineLoggingId: null })),
    }))
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

/** Each sample seven times and more, 100 runs in all, started one after the other. */
const hundredRuns = (): SentEvent[][] =>
  Array.from({ length: 100 }, (_, index) => {
    const name = sampleNames[index % sampleNames.length] ?? 'dbt-run';
    return sampleEvents(name, new Date(Date.now() - minuteMs - index * 1_000));
  });

test('events of 100 runs, shuffled and sent up to three times, applied by two workers at once, come to the state of one worker and the right order', {
  timeout: 240_000,
}, async () => {
  // The other customer sends the same ids, so that its runs have ids of their own; all else is alike.
  const [ordered, mixed] = [await createWorld(), await createWorld()];
  const all = hundredRuns();
  const [now, later] = [new Date(), new Date(Date.now() + 10 * minuteMs)];
  await tell(ordered, all.flat(), now);
  await applyAll(ordered, later);
  await queueEvents(mixed, shuffledAndRepeated(all.flat(), seeded(41)), now);
  const worker = () => applyDueEvents({ customers: [mixed.customerId], clock: () => now });
  const reports = await Promise.all([worker(), worker()]);
  expect(reports.map(({ dead, later: again }) => dead + again)).toEqual([0, 0]);
  await applyAll(mixed, later);
  const [expected, found] = [await picture(ordered), await picture(mixed)];
  expect(found).toHaveLength(100);
  const withoutIds = (value: unknown) =>
    JSON.parse(JSON.stringify(value).replaceAll(/"orchestratorRunId":"[^"]+"/g, '"orchestratorRunId":null'));
  expect(withoutIds(found)).toEqual(withoutIds(expected));
});

/** As dagster-openlineage 0.2.1 sends it: run, steps, assets and their checks; all but the steps under one id. */
function dagsterRun(beginning: Date): SentEvent[] {
  const runId = newUuid();
  const at = (seconds: number) => new Date(beginning.getTime() + seconds * 1_000).toISOString();
  const event = (eventType: string, seconds: number, name: string, more: Partial<SentEvent> = {}): SentEvent => ({
    eventType,
    eventTime: at(seconds),
    run: { runId, facets: {} },
    job: { namespace: 'dagster', name, facets: {} },
    producer: 'https://github.com/OpenLineage/OpenLineage/tree/0.2.1/integration/dagster',
    ...more,
  });
  const parent = { run: { runId }, job: { namespace: 'dagster', name: 'nightly' } };
  const [orders, customers] = [newUuid(), newUuid()];
  const step = (eventType: string, seconds: number, stepId: string, key: string) =>
    event(eventType, seconds, `nightly.${key}`, { run: { runId: stepId, facets: { parent } } });
  const output = (name: string) => ({ outputs: [{ namespace: 'dagster', name, facets: {} }] });
  const check = (seconds: number, assertion: string, success: boolean) => {
    const dataQualityAssertions = { assertions: [{ assertion, success }] };
    const inputs = [{ namespace: 'dagster', name: 'orders', inputFacets: { dataQualityAssertions } }];
    return event('COMPLETE', seconds, 'orders__checks', { inputs });
  };
  return [
    // Assets are planned before the run starts.
    event('START', 0, 'orders', output('orders')),
    event('START', 0.1, 'customers', output('customers')),
    event('START', 1, 'nightly'),
    step('START', 2, orders, 'orders'),
    event('COMPLETE', 3, 'orders', output('orders')),
    check(3.5, 'ids_are_unique', true),
    check(3.6, 'amounts_are_positive', false),
    step('COMPLETE', 4, orders, 'orders'),
    step('START', 5, customers, 'customers'),
    event('FAIL', 6, 'customers', {
      ...output('customers'),
      run: { runId, facets: { errorMessage: { message: 'no such table' } } },
    }),
    step('FAIL', 7, customers, 'customers'),
    event('FAIL', 8, 'nightly'),
  ];
}

const seen = async (world: World) => {
  const { run, steps, checks } = await toldRun(world);
  return {
    run: [run.jobName, run.status, run.startTime.getTime(), run.endTime?.getTime()],
    message: run.errorMessage,
    steps: steps.map(({ stepName, status, startTime }) => [stepName, status, startTime.getTime()]),
    checks: checks.map(check => [
      check.targetTable,
      check.expectationsPassed,
      check.expectationsFailed,
      check.overallStatus,
    ]),
  };
};

test('Dagster reports a run, its assets and their checks under one id: an asset’s end does not end the run', async () => {
  const world = await createWorld();
  const beginning = new Date(Date.now() - 2 * minuteMs);
  const at = (seconds: number) => beginning.getTime() + seconds * 1_000;
  const events = dagsterRun(beginning);
  await tell(world, events.slice(0, 5));
  expect((await toldRun(world)).run).toMatchObject({ status: 'RUNNING', jobName: 'nightly' });
  await tell(world, events.slice(5));
  const now = new Date(Date.now() + 2 * minuteMs);
  await applyAll(world, now);
  expect(await seen(world)).toEqual({
    run: ['nightly', 'FAILED', at(1), at(8)],
    message: 'customers: no such table',
    steps: [
      ['orders', 'COMPLETED', at(0)],
      ['customers', 'FAILED', at(0.1)],
      ['nightly.orders', 'COMPLETED', at(2)],
      ['orders__checks', 'COMPLETED', at(3.5)],
      ['nightly.customers', 'FAILED', at(5)],
    ],
    checks: [['dagster/orders', 1, 1, 'FAIL']],
  });
});

test('Dagster’s events in any order and one at a time come to the same', async () => {
  const beginning = new Date(Date.now() - 2 * minuteMs);
  const now = new Date(Date.now() + 2 * minuteMs);
  const random = seeded(5);
  const ordered = await createWorld();
  await tell(ordered, dagsterRun(beginning));
  await applyAll(ordered, now);
  const expected = await seen(ordered);
  for (let turn = 0; turn < 4; turn++) {
    const world = await createWorld();
    const arrived = new Date();
    for (const event of shuffled(dagsterRun(beginning), random)) await tell(world, [event], arrived);
    await applyAll(world, now);
    expect(await seen(world)).toEqual(expected);
  }
});

test('assets and checks without a run, as Dagster’s event log wrapper reports them, are a run of steps that ends by itself', async () => {
  const world = await createWorld();
  const events = dagsterRun(new Date(Date.now() - 2 * minuteMs)).filter(({ job }) => !job.name.startsWith('nightly'));
  await tell(world, events);
  await applyAll(world, new Date(Date.now() + 6 * minuteMs));
  const told = await toldRun(world);
  expect(told.run).toMatchObject({ status: 'FAILED', jobName: 'orders', errorMessage: 'customers: no such table' });
  expect(told.steps.map(({ stepName }) => stepName)).toEqual(['orders', 'customers', 'orders__checks']);
  const [lineage] = await db()
    .select()
    .from(lineageRuns)
    .where(eq(lineageRuns.customerId, world.customerId))
    .orderBy(asc(lineageRuns.heardAt));
  expect(lineage).toMatchObject({ ownStepId: null, dueAt: null, jobCount: 3 });
});

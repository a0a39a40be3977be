/** 100 runs whose events come by HTTP in an order by chance, each three times, are the runs that come of them in order. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPlanes, type Planes } from '@/dev/testing/lineage/planes';
import { allApplied, checksOf, createSender, namesOf, type Sender } from '@/dev/testing/lineage/sender';
import { seeded, shuffled } from '@/dev/testing/lineage/shuffled';
import { type Told, toldRuns } from '@/dev/testing/lineage/told-runs';
import { endingAt, recordedEvents, type SentEvent, withNewIds } from '@/lib/domains/lineage/samples/samples';

let planes: Planes;
beforeAll(async () => {
  planes = await openPlanes();
}, 120_000);
afterAll(() => planes.close());

/** dbt’s own runs, and those of OpenLineage’s client. */
const names = ['dbt-test', 'dbt-run-error', 'client-lifecycle', 'client-fail'] as const;
const runsOfEach = 25;
const sendersAtOnce = 16;

/** Sends each event in a request of its own, many at once where they need not keep their order. */
async function send({ key }: Sender, events: readonly SentEvent[], atOnce: number): Promise<void> {
  const waiting = [...events];
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const work = async () => {
    for (let event = waiting.shift(); event; event = waiting.shift()) {
      const answer = await fetch(`${planes.proxy.url}/api/v1/lineage`, {
        method: 'POST',
        headers,
        body: JSON.stringify(event),
      });
      expect(answer.status).toBe(201);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

/** All of a run that may not depend on how its events came. */
const stateOf = (told: Told) => {
  const { pipelineId, status, startTime, endTime, errorMessage, stepCount, checkCount, checksFailed } = told.run;
  const { rowsProcessed, parameters, lateEvents } = told.run;
  const run = {
    pipelineId,
    status,
    startTime,
    endTime,
    errorMessage,
    stepCount,
    checkCount,
    checksFailed,
    rowsProcessed,
  };
  return JSON.stringify({
    ...run,
    names: Object.keys(parameters ?? {}).sort(),
    lateEvents,
    steps: namesOf(told).sort(),
    checks: checksOf(told),
  });
};
const statesOf = async (sender: Sender) => {
  await allApplied(sender);
  return (await toldRuns(sender.world)).map(stateOf);
};

test('100 runs, shuffled and tripled: one state', async () => {
  const now = new Date();
  const recorded = names.map(name => endingAt(recordedEvents(name), now));
  const [inOrder, byChance] = [await createSender(), await createSender()];
  for (const events of recorded) await send(inOrder, withNewIds(events), 1);
  const expected = await statesOf(inOrder);
  expect(new Set(expected).size).toBe(names.length);

  const runs = recorded.flatMap(events => Array.from({ length: runsOfEach }, () => withNewIds(events)));
  const events = runs.flat().flatMap(event => [event, event, event]);
  const started = performance.now();
  await send(byChance, shuffled(events, seeded(17)), sendersAtOnce);
  const taken = performance.now();
  const found = await statesOf(byChance);
  const [sendS, applyS] = [(taken - started) / 1_000, (performance.now() - taken) / 1_000];
  console.log(
    `${events.length} events of ${runs.length} runs: taken in ${sendS.toFixed(1)} s, applied ${applyS.toFixed(1)} s after`,
  );
  expect(found.length).toBe(names.length * runsOfEach);
  const counts = expected.map(state => found.filter(other => other === state).length);
  expect(counts).toEqual(names.map(() => runsOfEach));
});

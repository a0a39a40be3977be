/** Ids of another customer's runs in an event: nothing of the other's is changed, shown, or can be told from an id of nobody. */
import { beforeAll, expect, test } from 'vitest';
import { caller, customerKey } from '@/dev/testing/data-plane';
import { batch, one } from '@/dev/testing/lineage/door';
import { keptEvents, runEvent } from '@/dev/testing/lineage/events';
import { createWorld, type World } from '@/dev/testing/world';
import { app } from '@/lib/edge/v1/app';
import { createVictim, leaks, stateOf, type Victim } from '@/lib/laws/tenancy/victim';
import { newUuid } from '@/lib/platform/ids';

const call = caller(async (input, init) => app.fetch(new Request(input as string, init)));
let victim: Victim;
let stranger: World;
let key: string;
beforeAll(async () => {
  victim = await createVictim({ mirrored: false });
  stranger = await createWorld();
  key = (await customerKey(stranger)).text;
});

const named = (runId: string) => ({ run: { runId }, job: { namespace: 'shop', name: 'daily' } });
const eventsOf = (id: string) => [
  runEvent({ eventType: 'COMPLETE', run: { runId: id, facets: {} } }),
  runEvent({ eventType: 'FAIL', run: { runId: newUuid(), facets: { parent: named(id) } } }),
  runEvent({
    eventType: 'ABORT',
    run: { runId: newUuid(), facets: { parent: { ...named(newUuid()), root: named(id) } } },
  }),
];

test('an event that names another’s run is answered as one of a run that nobody has, and is the sender’s own', async () => {
  const before = await stateOf(victim);
  const queued = await keptEvents(victim.world.customerId);
  for (const id of [victim.runningId, victim.endedId]) {
    const foreign = [...eventsOf(id).map(json => ({ json, path: one })), { json: eventsOf(id), path: batch }];
    const unknown = [
      ...eventsOf(newUuid()).map(json => ({ json, path: one })),
      { json: eventsOf(newUuid()), path: batch },
    ];
    const answers = [];
    for (const { json, path } of [...foreign, ...unknown]) {
      const { status, text } = await call(path, { method: 'POST', key, json });
      expect(leaks(victim, text)).toEqual([]);
      answers.push([status, text]);
    }
    expect(answers.slice(0, foreign.length)).toEqual(answers.slice(foreign.length));
    expect(answers[0]?.[0]).toBe(201);
  }
  expect(await stateOf(victim)).toBe(before);
  expect(await keptEvents(victim.world.customerId)).toEqual(queued);
  const kept = await keptEvents(stranger.customerId);
  expect(kept).toHaveLength(24);
  for (const { runKey } of kept) expect(runKey.startsWith(`${stranger.customerId}/`)).toBe(true);
});

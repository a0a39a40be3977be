/** Odd values in every place of an event: no answer is a 5xx, and what was answered by 201 is in the queue. */
import { sql } from 'drizzle-orm';
import { beforeAll, expect, test } from 'vitest';
import { caller, customerKey } from '@/dev/testing/data-plane';
import { batch, one } from '@/dev/testing/lineage/door';
import { keptEvents, runEvent } from '@/dev/testing/lineage/events';
import { queries, raws, values } from '@/dev/testing/odd-input';
import { createWorld, type World } from '@/dev/testing/world';
import { app } from '@/lib/edge/v1/app';
import { db } from '@/lib/platform/db';
import { newUuid } from '@/lib/platform/ids';

const call = caller(async (input, init) => app.fetch(new Request(input as string, init)));
const json = { 'content-type': 'application/json' };
let world: World;
let key: string;
beforeAll(async () => {
  world = await createWorld();
  key = (await customerKey(world)).text;
});
const send = (body: BodyInit, path = one) => call(path, { method: 'POST', key, body, headers: json });

type Json = Record<string, unknown>;
const dataset = { namespace: 'n', name: 'd', facets: {}, inputFacets: {}, outputFacets: {} };

/** Each makes an event with a mark in another place. */
const places: Record<string, (mark: string) => Json> = {
  eventTime: mark => runEvent({ eventTime: mark }),
  eventType: mark => runEvent({ eventType: mark }),
  producer: mark => runEvent({ producer: mark }),
  unknown: mark => runEvent({ unknown: mark }),
  run: mark => runEvent({ run: mark }),
  'run.runId': mark => runEvent({ run: { runId: mark } }),
  'run.facets': mark => runEvent({ run: { runId: newUuid(), facets: mark } }),
  'a facet': mark => runEvent({ run: { runId: newUuid(), facets: { own: mark } } }),
  'the parent': mark => runEvent({ run: { runId: newUuid(), facets: { parent: mark } } }),
  'the parent’s run': mark =>
    runEvent({ run: { runId: newUuid(), facets: { parent: { run: { runId: mark }, job: {} } } } }),
  'the root': mark =>
    runEvent({ run: { runId: newUuid(), facets: { parent: { run: { runId: newUuid() }, job: {}, root: mark } } } }),
  'the invocation of dbt': mark =>
    runEvent({ run: { runId: newUuid(), facets: { dbt_run: { invocation_id: mark } } } }),
  job: mark => runEvent({ job: mark }),
  'job.namespace': mark => runEvent({ job: { namespace: mark, name: 'n' } }),
  'job.name': mark => runEvent({ job: { namespace: 'n', name: mark } }),
  inputs: mark => runEvent({ inputs: mark }),
  'an output': mark => runEvent({ outputs: [dataset, mark] }),
  'the name of an input': mark => runEvent({ inputs: [{ ...dataset, name: mark }] }),
  'the facets of an input': mark => runEvent({ inputs: [{ ...dataset, inputFacets: mark }] }),
};

test.each(Object.entries(places))('%s with each odd value, alone and in a batch', async (_, place) => {
  const before = (await keptEvents(world.customerId)).length;
  let taken = 0;
  for (const value of values) {
    const text = JSON.stringify(place('<odd>')).replace('"<odd>"', () => value);
    const alone = await send(text);
    expect([201, 400], `${text.slice(0, 300)} ${alone.text.slice(0, 300)}`).toContain(alone.status);
    taken += alone.status === 201 ? 1 : 0;
    const beside = await send(`[${JSON.stringify(runEvent())},${text}]`, batch);
    expect(beside.status, `${text.slice(0, 300)} ${beside.text.slice(0, 300)}`).toBe(alone.status);
    expect(beside.json.accepted, text.slice(0, 300)).toBe(alone.status === 201 ? 2 : 1);
    taken += Number(beside.json.accepted);
  }
  expect((await keptEvents(world.customerId)).length - before).toBe(taken);
});

test('bodies that are wrong as a whole, and queries, are refused with a problem', async () => {
  for (const path of [one, batch]) {
    for (const [sentence, type, body] of raws) {
      const answer = await call(path, { method: 'POST', key, body, headers: type ? { 'content-type': type } : {} });
      expect([400, 413, 415], `${sentence} ${answer.text.slice(0, 300)}`).toContain(answer.status);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
    }
    for (const query of queries) {
      const answer = await call(`${path}?${query}`, { method: 'POST', key, json: [] });
      expect([201, 400, 404], `${query} ${answer.text.slice(0, 300)}`).toContain(answer.status);
    }
  }
});

const storedOf = async (runId: string) => {
  const { rows } = await db().execute<{ event: string }>(
    sql`SELECT event::text AS event FROM lineage_events WHERE root_run_id = ${runId}`,
  );
  return rows.map(row => row.event);
};

test('a NUL and half a character in a facet, a name or a job are put as U+FFFD, and the event is kept', async () => {
  const runId = newUuid();
  const facets = { own: { text: 'a\0b', list: ['\ud800x', { '\0name': 1 }] } };
  const answer = await send(JSON.stringify(runEvent({ run: { runId, facets }, job: { namespace: 'n', name: 'a\0' } })));
  expect(answer.status).toBe(201);
  const [text = ''] = await storedOf(runId);
  expect(JSON.parse(text)).toMatchObject({
    job: { name: 'a\ufffd' },
    run: { facets: { own: { text: 'a\ufffdb', list: ['\ufffdx', { '\ufffdname': 1 }] } } },
  });
});

test('whole numbers keep their digits; those beyond 64 bits are the double that they are nearest to', async () => {
  const runId = newUuid();
  const body = JSON.stringify(runEvent({ run: { runId, facets: { own: { n: '<n>', m: '<m>' } } } }))
    .replace('"<n>"', '9007199254740993')
    .replace('"<m>"', '1'.repeat(400));
  expect((await send(body)).status).toBe(201);
  expect((await storedOf(runId))[0]).toContain('{"m": null, "n": 9007199254740993}');
});

test('an event may be nested a hundred levels deep, and no deeper', async () => {
  // The event, its run, the facets and the facet are four levels.
  const nested = (levels: number) => JSON.parse(`${'['.repeat(levels - 4)}1${']'.repeat(levels - 4)}`) as unknown;
  const of = (levels: number) => runEvent({ run: { runId: newUuid(), facets: { own: { deep: nested(levels) } } } });
  expect((await send(JSON.stringify(of(100)))).status).toBe(201);
  const tooDeep = await send(JSON.stringify(of(101)));
  expect([tooDeep.status, tooDeep.json.detail]).toEqual([400, 'It is nested deeper than 100 levels.']);
  const beside = await send(JSON.stringify([of(101), of(4)]), batch);
  expect([beside.status, beside.json.accepted, beside.json.errors]).toMatchObject([400, 1, [{ path: '[0]' }]]);
});

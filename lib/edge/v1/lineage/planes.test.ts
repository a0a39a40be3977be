/** POST /api/v1/lineage and /api/v1/lineage/batch on both planes: what is answered by 201 is in the queue. */
import { deflateSync, gzipSync } from 'node:zlib';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { customerKey, transports } from '@/dev/testing/data-plane';
import { batch, type LineageDoor, one, openDoor } from '@/dev/testing/lineage/door';
import { keptEvents, runEvent } from '@/dev/testing/lineage/events';
import { createWorld } from '@/dev/testing/world';
import { readKeyCalls } from '@/lib/domains/keys/read-calls';
import { flushKeyUses } from '@/lib/domains/keys/uses';
import { quotaCounters } from '@/lib/domains/quotas/tables';
import { flushUsage } from '@/lib/domains/quotas/usage-counts';
import { lineageBatchRoute } from '@/lib/edge/v1/lineage/routes';
import { db } from '@/lib/platform/db';
import { newUuid } from '@/lib/platform/ids';

describe.each(transports)('over $name', transport => {
  let door: LineageDoor;
  beforeAll(async () => {
    door = await openDoor(transport);
  });
  afterAll(() => door.close());

  const text = () => JSON.stringify(runEvent());

  const forms: [what: string, body: (text: string) => BodyInit, headers: Record<string, string>][] = [
    ['plain', sent => sent, {}],
    ['gzip', sent => gzipSync(sent), { 'content-encoding': 'gzip' }],
    ['deflate', sent => deflateSync(sent), { 'content-encoding': 'deflate' }],
    ['with its charset', sent => sent, { 'content-type': 'application/json; charset=utf-8' }],
  ];
  test.each(forms)('an event, %s: 201, and it is in the queue as it was sent', async (_, body, headers) => {
    const world = await createWorld();
    const { text: key, id } = await customerKey(world);
    const event = runEvent();
    const answer = await door.send(body(JSON.stringify(event)), { key, headers });
    expect([answer.status, answer.json]).toEqual([201, { accepted: 1 }]);
    expect(await keptEvents(world.customerId)).toMatchObject([
      {
        event,
        rootRunId: event.run.runId,
        runKey: `${world.customerId}/${event.run.runId}`,
        apiKeyId: id,
        sentBy: expect.any(String),
        eventTime: new Date(event.eventTime),
        status: 'waiting',
        attempts: 0,
      },
    ]);
  });

  test('the run of an event is that of its root, else its parent, else its own', async () => {
    const world = await createWorld();
    const [own, parent, root] = [newUuid(), newUuid(), newUuid()];
    const named = (runId: string) => ({ run: { runId }, job: { namespace: 'shop', name: 'daily' } });
    const of = (facets: object) => runEvent({ run: { runId: own, facets } });
    const events = [
      of({}),
      of({ parent: named(parent.toUpperCase()) }),
      of({ parent: { ...named(parent), root: named(root) } }),
      of({ parent: { ...named(parent), root: { run: { runId: 'none' } } } }),
      of({ parent: { run: { runId: 'manual__2026-11-27' } } }),
    ];
    const answer = await door.send(JSON.stringify(events), { key: (await customerKey(world)).text }, batch);
    expect(answer.json.accepted).toBe(5);
    const kept = await keptEvents(world.customerId);
    expect(kept.map(({ rootRunId }) => rootRunId)).toEqual([own, parent, root, parent, own]);
  });

  test('a batch: 201 with what OpenLineage’s specification has of it, in the order it was sent', async () => {
    const world = await createWorld();
    const names = ['a', 'b', 'c'];
    const events = names.map(name => runEvent({ job: { namespace: 'shop', name } }));
    const answer = await door.send(JSON.stringify(events), { key: (await customerKey(world)).text }, batch);
    expect([answer.status, answer.json]).toEqual([
      201,
      {
        accepted: 3,
        status: 'success',
        summary: { received: 3, successful: 3, failed: 0, retriable: 0, non_retriable: 0 },
        failed_events: [],
      },
    ]);
    expect(lineageBatchRoute.success.schema.parse(answer.json)).toEqual(answer.json);
    const kept = await keptEvents(world.customerId);
    expect(kept.map(({ event }) => (event as { job: { name: string } }).job.name)).toEqual(names);
  });

  test('of a batch the good events are kept, and the bad ones named by their paths: 400', async () => {
    const world = await createWorld();
    const events = [
      runEvent(),
      { ...runEvent(), job: { namespace: 'shop' } },
      7,
      runEvent({ run: { runId: 'manual__2026' } }),
    ];
    const answer = await door.send(JSON.stringify(events), { key: (await customerKey(world)).text }, batch);
    expect([answer.status, answer.json]).toMatchObject([
      400,
      {
        code: 'invalid_input',
        status: 400,
        errors: [
          { path: '[1].job.name' },
          { path: '[2]', message: 'An event is a JSON object.' },
          { path: '[3].run.runId', message: 'This is no UUID.' },
        ],
        accepted: 1,
        summary: { received: 4, successful: 1, failed: 3, retriable: 0, non_retriable: 3 },
        failed_events: [
          { index: 1, retriable: false },
          { index: 2, reason: 'An event is a JSON object.', retriable: false },
          { index: 3, reason: 'run.runId: This is no UUID.', retriable: false },
        ],
      },
    ]);
    expect(await keptEvents(world.customerId)).toMatchObject([{ event: events[0] }]);
  });

  test('an empty batch is taken', async () => {
    const answer = await door.send('[]', {}, batch);
    expect([answer.status, answer.json.accepted]).toEqual([201, 0]);
  });

  test('dataset and job events: 201, and nothing is kept, as they tell of no run', async () => {
    const world = await createWorld();
    const { text: key } = await customerKey(world);
    const { eventTime, job } = runEvent();
    const others = [
      { eventTime, job, inputs: [] },
      { eventTime, dataset: { namespace: 'bigquery', name: 'a.b' } },
    ];
    for (const other of others) {
      const answer = await door.send(JSON.stringify(other), { key });
      expect([answer.status, answer.json]).toEqual([201, { accepted: 1 }]);
    }
    expect((await door.send(JSON.stringify(others), { key }, batch)).json.accepted).toBe(2);
    expect(await keptEvents(world.customerId)).toEqual([]);
    expect((await door.send('{"eventTime":"2026-01-01T00:00:00Z","job":{"namespace":"a"}}', { key })).status).toBe(400);
  });

  test('the same event again, one long past, and one of facets that nobody knows: 201', async () => {
    const world = await createWorld();
    const { text: key } = await customerKey(world);
    const event = runEvent({ run: { runId: newUuid(), facets: { mine: { a: [1, { b: null }] }, parent: 'none' } } });
    for (const sent of [event, event, runEvent({ eventTime: '2001-01-01T00:00:00.123456789' })])
      expect((await door.send(JSON.stringify(sent), { key })).status).toBe(201);
    expect(await keptEvents(world.customerId)).toHaveLength(3);
  });

  test('it is no API call of the month, and no run of the plan', async () => {
    const world = await createWorld();
    const { text: key } = await customerKey(world);
    for (let sent = 0; sent < 3; sent++) expect((await door.send(text(), { key })).status).toBe(201);
    await flushUsage();
    const [counter] = await db()
      .select({ calls: quotaCounters.apiCallsMonth, runs: quotaCounters.runsToday })
      .from(quotaCounters)
      .where(eq(quotaCounters.customerId, world.customerId));
    expect(counter).toEqual({ calls: 0, runs: 0 });
  });

  test('the key’s page tells of the calls, and why one was refused', async () => {
    const world = await createWorld();
    const { text: key, id } = await customerKey(world);
    await door.send(text(), { key }, `${one}/`);
    await door.send('[{}]', { key }, batch);
    await flushKeyUses();
    const { latest } = await readKeyCalls(world.as('OWNER'), id);
    expect(latest).toMatchObject([
      { method: 'POST', route: batch, status: 400, code: 'invalid_input' },
      { method: 'POST', route: one, status: 201, code: null },
    ]);
  });

  test('a path that ends with a slash is the same; another below it is not found', async () => {
    expect((await door.send(text(), {}, `${one}/`)).status).toBe(201);
    expect((await door.send('[]', {}, `${batch}/`)).status).toBe(201);
    expect((await door.send(text(), {}, `${one}/others`)).status).toBe(404);
  });
});

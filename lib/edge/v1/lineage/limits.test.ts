/** What may succeed later is answered by 503 with a short wait, and leaves nothing; what another customer does changes no answer. */
import { eq } from 'drizzle-orm';
import { beforeAll, expect, test } from 'vitest';
import { caller, customerKey } from '@/dev/testing/data-plane';
import { batch, one } from '@/dev/testing/lineage/door';
import { keptEvents, runEvent } from '@/dev/testing/lineage/events';
import { createWorld, type World } from '@/dev/testing/world';
import { applyDueEvents } from '@/lib/domains/lineage/apply/apply-due';
import { mostSteps } from '@/lib/domains/lineage/rules';
import { lineageRuns } from '@/lib/domains/lineage/tables';
import { app } from '@/lib/edge/v1/app';
import { roomOf } from '@/lib/edge/v1/bulk/body-room';
import { consume } from '@/lib/kernel/limits';
import { db } from '@/lib/platform/db';
import { newUuid } from '@/lib/platform/ids';

const eventsPerMinute = 20;
beforeAll(() => {
  process.env.LINEAGE_EVENTS_PER_MINUTE = String(eventsPerMinute);
});

const call = caller(async (input, init) => app.fetch(new Request(input as string, init)));

async function senderOf(world: World) {
  const { id, text: key } = await customerKey(world);
  const send = (json: unknown, path = one) => call(path, { method: 'POST', key, json });
  return { id, send };
}

test('beyond the events of a minute: 503 with a wait of 15 seconds at most, and none of the request is kept', async () => {
  const world = await createWorld();
  const { send } = await senderOf(world);
  const many = (count: number) => Array.from({ length: count }, () => runEvent());
  expect((await send(many(eventsPerMinute - 1), batch)).status).toBe(201);
  expect((await send(runEvent())).status).toBe(201);
  for (const refused of [await send(runEvent()), await send(many(2), batch)]) {
    expect([refused.status, refused.json.code]).toEqual([503, 'slow_down']);
    const wait = Number(refused.headers.get('retry-after'));
    expect(wait).toBeGreaterThanOrEqual(1);
    expect(wait).toBeLessThanOrEqual(15);
  }
  expect(await keptEvents(world.customerId)).toHaveLength(eventsPerMinute);
  const other = await senderOf(await createWorld());
  expect((await other.send(runEvent())).status).toBe(201);
});

test('a key’s requests of a minute are counted whatever is in them', async () => {
  const { send } = await senderOf(await createWorld());
  const answers = [];
  for (let sent = 0; sent <= eventsPerMinute; sent++) answers.push((await send('no event')).status);
  expect(answers).toEqual([...Array.from({ length: eventsPerMinute }, () => 400), 503]);
});

test('a batch of more events than a minute has takes all of the minute', async () => {
  const { send } = await senderOf(await createWorld());
  const events = Array.from({ length: eventsPerMinute + 5 }, () => runEvent());
  expect((await send(events, batch)).json.accepted).toBe(eventsPerMinute + 5);
  expect((await send(runEvent())).status).toBe(503);
});

/** A run that has as many steps as it may, with an event of one of them, of another, and of the run itself. */
async function fullRun(world: World) {
  const { send } = await senderOf(world);
  const rootRunId = newUuid();
  const parent = { run: { runId: rootRunId }, job: { namespace: 'shop', name: 'daily' } };
  const ofStep = (name: string) =>
    runEvent({ run: { runId: newUuid(), facets: { parent } }, job: { namespace: 'shop', name } });
  const known = ofStep('known');
  expect((await send(known)).status).toBe(201);
  await applyDueEvents({ customers: [world.customerId] });
  const full = eq(lineageRuns.rootRunId, rootRunId);
  const rows = await db().update(lineageRuns).set({ jobCount: mostSteps }).where(full).returning();
  expect(rows).toHaveLength(1);
  const end = runEvent({ eventType: 'COMPLETE', run: { runId: rootRunId } });
  return { send, known, another: ofStep('other'), end };
}

test('an event of another step of a run that is full: 503, told at once; its known steps and its end are taken', async () => {
  const world = await createWorld();
  const { send, known, another, end } = await fullRun(world);
  expect((await send(known)).status).toBe(201);
  const refused = await send(another);
  expect([refused.status, refused.json.code, refused.headers.get('retry-after')]).toEqual([503, 'slow_down', '1']);
  expect(refused.json.detail).toContain('10000 steps');
  const mixed = await send([another, end, { ...known, job: {} }, runEvent()], batch);
  expect([mixed.status, mixed.json]).toMatchObject([
    503,
    {
      accepted: 2,
      summary: { received: 4, successful: 2, failed: 2, retriable: 1, non_retriable: 1 },
      failed_events: [
        { index: 0, retriable: true },
        { index: 2, retriable: false },
      ],
    },
  ]);
  expect(await keptEvents(world.customerId)).toHaveLength(4);
});

test('that another customer’s run of the same id is full is nothing that this one hears of', async () => {
  const { another } = await fullRun(await createWorld());
  const world = await createWorld();
  const { send } = await senderOf(world);
  expect((await send(another)).status).toBe(201);
  expect(await keptEvents(world.customerId)).toMatchObject([{ customerId: world.customerId }]);
});

test('more bytes than we take of a customer at once, and more than a key may have on their way: 503', async () => {
  const world = await createWorld();
  const { id, send } = await senderOf(world);
  const room = roomOf(id);
  room.take(64 * 1_048_576);
  const held = await send(runEvent());
  expect([held.status, held.json.code, held.headers.get('retry-after')]).toEqual([503, 'slow_down', '1']);
  room.free();
  expect((await send(runEvent())).status).toBe(201);
  await consume({ name: 'lineage-kilobytes', points: 50_000, seconds: 10 }, world.customerId, 50_000);
  expect((await send(runEvent())).status).toBe(503);
});

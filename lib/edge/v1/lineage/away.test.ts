/** What cannot be stored, whatever Postgres says, is answered by "later" and never called taken. */
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { caller, customerKey } from '@/dev/testing/data-plane';
import { batch, one } from '@/dev/testing/lineage/door';
import { keptEvents, runEvent } from '@/dev/testing/lineage/events';
import { useOwnDatabase } from '@/dev/testing/own-database';
import { createWorld } from '@/dev/testing/world';
import { app } from '@/lib/edge/v1/app';
import { lineageRoute } from '@/lib/edge/v1/lineage/routes';
import { errorsOf } from '@/lib/edge/v1/openapi-document';
import { db } from '@/lib/platform/db';

const call = caller(async (input, init) => app.fetch(new Request(input as string, init)));

let dropDatabase = async () => {};
beforeAll(async () => {
  dropDatabase = await useOwnDatabase();
});
afterAll(() => dropDatabase());

test('while events cannot be stored: 503 with Retry-After; events that tell of no run are taken, and wrong ones told of', async () => {
  const world = await createWorld();
  const { text: key } = await customerKey(world);
  const send = (json: unknown, path = one) => call(path, { method: 'POST', key, json });
  expect((await send(runEvent())).status).toBe(201);
  await db().execute(sql`ALTER TABLE lineage_events RENAME TO lineage_events_away`);
  for (const refused of [await send(runEvent()), await send([runEvent(), {}], batch)]) {
    expect([refused.status, refused.json.code, refused.headers.get('retry-after')]).toEqual([
      503,
      'database_unavailable',
      '5',
    ]);
    expect(refused.text).not.toContain('lineage_events');
  }
  const { eventTime, job } = runEvent();
  expect((await send({ eventTime, job })).status).toBe(201);
  expect((await send({})).status).toBe(400);
  await db().execute(sql`ALTER TABLE lineage_events_away RENAME TO lineage_events`);
  expect((await send(runEvent())).status).toBe(201);
  expect(await keptEvents(world.customerId)).toHaveLength(2);
  expect(errorsOf(lineageRoute)).toContain('database_unavailable');
});

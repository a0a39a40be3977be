import { expect, test } from 'vitest';
import { keptEvents, runEvent } from '@/dev/testing/lineage/events';
import { createWorld } from '@/dev/testing/world';
import { enqueue } from '@/lib/domains/lineage/collect/enqueue';
import { type NewLineageEvent, readEvent } from '@/lib/domains/lineage/collect/read-event';
import { pool } from '@/lib/platform/db';

async function rowsFor(count: number, more: object = {}) {
  const world = await createWorld();
  const rows = Array.from({ length: count }, (_, index): NewLineageEvent => {
    const read = readEvent(runEvent({ job: { namespace: 'n', name: `j${index}` }, ...more }), world.system);
    if (read.kind !== 'run') throw new Error(`this is no run event: ${JSON.stringify(read)}`);
    return read.row;
  });
  return { world, rows };
}

/** How many transactions wrote what of these customers is in the queue. */
async function commitsOf(customerIds: string[]): Promise<number> {
  const text = 'SELECT count(DISTINCT xmin::text)::int AS commits FROM lineage_events WHERE customer_id = ANY($1)';
  const { rows } = await pool().query<{ commits: number }>(text, [customerIds]);
  return rows[0]?.commits ?? 0;
}

test('many callers’ events are stored by few commits', async () => {
  const callers = [];
  for (let made = 0; made < 8; made++) callers.push(await rowsFor(30));
  const requests = callers.flatMap(({ rows }) => rows.map(row => [row]));
  const answers = await Promise.all(requests.map(enqueue));
  expect(answers).toEqual(requests.map(() => ['taken']));
  expect(await commitsOf(callers.map(({ world }) => world.customerId))).toBeLessThan(10);
  for (const { world, rows } of callers) {
    const kept = await keptEvents(world.customerId);
    expect(kept.map(({ event }) => event)).toEqual(expect.arrayContaining(rows.map(({ event }) => JSON.parse(event))));
    expect(kept).toHaveLength(rows.length);
  }
});

test('the events of one request are kept in its order', async () => {
  const { world, rows } = await rowsFor(200);
  await enqueue(rows);
  const kept = await keptEvents(world.customerId);
  expect(kept.map(({ event }) => event)).toEqual(rows.map(({ event }) => JSON.parse(event)));
});

test('an event that Postgres refuses is told of alone; those beside it, and other callers’, are kept', async () => {
  const [bad, good] = [await rowsFor(5), await rowsFor(2)];
  const poison = bad.rows.map((row, index) => (index === 2 ? { ...row, event: '{"a":"\\u0000"}' } : row));
  const answers = await Promise.all([enqueue(poison), enqueue(good.rows)]);
  expect(answers).toEqual([
    ['taken', 'taken', 'unkeepable', 'taken', 'taken'],
    ['taken', 'taken'],
  ]);
  expect(await keptEvents(bad.world.customerId)).toHaveLength(4);
  expect(await keptEvents(good.world.customerId)).toHaveLength(2);
});

test('large events do not wait for others, and are kept as they are', async () => {
  const { world, rows } = await rowsFor(3, { own: 'x'.repeat(900_000) });
  expect(await enqueue(rows)).toEqual(['taken', 'taken', 'taken']);
  expect((await keptEvents(world.customerId)).map(({ event }) => JSON.stringify(event).length)).toEqual(
    rows.map(({ event }) => event.length),
  );
});

test('with each event stands how long its text is', async () => {
  const { world, rows } = await rowsFor(2, { own: 'é'.repeat(1_000) });
  await enqueue(rows);
  expect((await keptEvents(world.customerId)).map(({ bytes }) => bytes)).toEqual(
    rows.map(({ event }) => Buffer.byteLength(event)),
  );
});

import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { BoundedConcurrency } from '@/lib/platform/bounded-concurrency';

test('so many run at once, the next begins when one ends, in the order they came', async () => {
  const turns = new BoundedConcurrency({ atOnce: 2, waiting: 10 });
  const order: number[] = [];
  let running = 0;
  let most = 0;
  const work = async (id: number) => {
    expect(await turns.enter(1_000)).toBe(true);
    order.push(id);
    most = Math.max(most, ++running);
    await sleep(5);
    running--;
    turns.leave();
  };
  await Promise.all([1, 2, 3, 4, 5, 6].map(work));
  expect(order).toEqual([1, 2, 3, 4, 5, 6]);
  expect(most).toBe(2);
  expect(turns.isIdle).toBe(true);
});

test('who has waited long enough is turned away, and takes no turn from those behind', async () => {
  const turns = new BoundedConcurrency({ atOnce: 1, waiting: 10 });
  await turns.enter(0);
  const [first, second] = [turns.enter(10), turns.enter(1_000)];
  expect(await first).toBe(false);
  turns.leave();
  expect(await second).toBe(true);
  expect(turns.isIdle).toBe(false);
  turns.leave();
  expect(turns.isIdle).toBe(true);
});

test('where too many wait, the next is turned away at once', async () => {
  const turns = new BoundedConcurrency({ atOnce: 1, waiting: 1 });
  await turns.enter(0);
  const waits = turns.enter(60_000);
  const startedAt = Date.now();
  expect(await turns.enter(60_000)).toBe(false);
  expect(Date.now() - startedAt).toBeLessThan(1_000);
  turns.leave();
  expect(await waits).toBe(true);
});

/** A limit of the outside world is kept in any stretch of time, not only from one full second to the next. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { SlidingWindow } from '@/lib/platform/bigquery/sliding-window';

test('never more than the limit in any stretch of that length, and in the order of asking', async () => {
  const window = new SlidingWindow({ atMost: 5, withinMs: 60 });
  const passed: { index: number; atMs: number }[] = [];
  const ask = (index: number) => window.turn().then(() => passed.push({ index, atMs: performance.now() }));
  const asked = Array.from({ length: 8 }, (_, index) => ask(index));
  await sleep(45);
  await Promise.all([...asked, ...Array.from({ length: 9 }, (_, index) => ask(8 + index))]);
  expect(passed.map(({ index }) => index)).toEqual(Array.from({ length: 17 }, (_, index) => index));
  for (let index = 5; index < passed.length; index++) {
    expect((passed[index]?.atMs ?? 0) - (passed[index - 5]?.atMs ?? 0)).toBeGreaterThan(59);
  }
});

test('who comes below the limit does not wait', async () => {
  const window = new SlidingWindow({ atMost: 3, withinMs: 60_000 });
  const startedMs = performance.now();
  for (let index = 0; index < 3; index++) await window.turn();
  expect(performance.now() - startedMs).toBeLessThan(1_000);
});

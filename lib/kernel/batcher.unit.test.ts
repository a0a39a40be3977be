import { expect, test } from 'vitest';
import { createBatcher } from '@/lib/kernel/batcher';

const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

test('requests that arrive together go together, and each gets its own answer', async () => {
  const batches: number[][] = [];
  const double = createBatcher<number, number>({
    maxSize: 200,
    maxInFlight: 2,
    run: async batch => {
      batches.push(batch);
      return batch.map(value => value * 2);
    },
  });
  expect(await Promise.all(numbers(50).map(double))).toEqual(numbers(50).map(value => value * 2));
  expect(batches.map(batch => batch.length)).toEqual([50]);
});

test('no batch is larger than its bound, and no more are under way than allowed', async () => {
  let underWay = 0;
  const seen: { size: number; underWay: number }[] = [];
  const echo = createBatcher<number, number>({
    maxSize: 10,
    maxInFlight: 2,
    run: async batch => {
      underWay += 1;
      seen.push({ size: batch.length, underWay });
      await pause(2);
      underWay -= 1;
      return batch;
    },
  });
  expect(await Promise.all(numbers(95).map(echo))).toEqual(numbers(95));
  expect(Math.max(...seen.map(batch => batch.size))).toBe(10);
  expect(Math.max(...seen.map(batch => batch.underWay))).toBe(2);
});

test('one bad request fails alone: the others of its batch are answered', async () => {
  const answer = createBatcher<number, number>({
    maxSize: 100,
    maxInFlight: 1,
    run: async batch => {
      if (batch.includes(7)) throw new Error('poison');
      return batch;
    },
  });
  const results = await Promise.allSettled(numbers(20).map(answer));
  expect(results.filter(result => result.status === 'rejected')).toHaveLength(1);
  expect(results[7]).toMatchObject({ status: 'rejected', reason: { message: 'poison' } });
});

test('an unreachable database is asked once, not once for each request', async () => {
  let calls = 0;
  const answer = createBatcher<number, number>({
    maxSize: 100,
    maxInFlight: 1,
    run: async () => {
      calls += 1;
      throw Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
    },
  });
  const results = await Promise.allSettled(numbers(20).map(answer));
  expect(results.every(result => result.status === 'rejected')).toBe(true);
  expect(calls).toBe(1);
});

test('requests that arrive while a batch is under way are answered by a later one', async () => {
  const batches: number[][] = [];
  const echo = createBatcher<number, number>({
    maxSize: 100,
    maxInFlight: 1,
    run: async batch => {
      batches.push(batch);
      await pause(5);
      return batch;
    },
  });
  const first = echo(1);
  await pause(2);
  await Promise.all([first, echo(2), echo(3)]);
  expect(batches).toEqual([[1], [2, 3]]);
});

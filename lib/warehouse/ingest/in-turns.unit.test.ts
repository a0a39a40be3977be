import { expect, test } from 'vitest';
import { inTurns } from '@/lib/warehouse/ingest/in-turns';

const workMs = (ms: number): void => {
  for (const untilMs = performance.now() + ms; performance.now() < untilMs; );
};

test('all items come in order, and others have their turn between them', async () => {
  let turns = 0;
  let isDone = false;
  const other = (): void => {
    turns += 1;
    if (!isDone) setImmediate(other);
  };
  setImmediate(other);
  const seen: number[] = [];
  for await (const item of inTurns([1, 2, 3, 4, 5, 6])) {
    workMs(9);
    seen.push(item);
  }
  isDone = true;
  expect(seen).toEqual([1, 2, 3, 4, 5, 6]);
  expect(turns).toBeGreaterThanOrEqual(5);
});

test('no items are no work', async () => {
  for await (const item of inTurns([])) throw new Error(`${item}`);
});

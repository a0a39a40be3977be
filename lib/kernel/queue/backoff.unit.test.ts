import { expect, test } from 'vitest';
import { jitter, nextAttempt } from '@/lib/kernel/queue/backoff';

const now = new Date('2026-11-21T00:00:00Z');
const waits = [60_000, 300_000, 1_800_000];
const after = (attempts: number, random: number) => {
  const next = nextAttempt(waits, attempts, now, () => random);
  return next && next.getTime() - now.getTime();
};

test('waits follow the list, then the item is given up', () => {
  expect([1, 2, 3, 4].map(attempts => after(attempts, 0))).toEqual([...waits, null]);
});

test('chance makes a wait longer by a tenth at most, and never shorter', () => {
  expect(after(2, 1)).toBe(300_000 * (1 + jitter));
  const drawn = Array.from({ length: 200 }, () => nextAttempt(waits, 1, now)?.getTime() ?? 0);
  expect(Math.min(...drawn)).toBeGreaterThanOrEqual(now.getTime() + 60_000);
  expect(Math.max(...drawn)).toBeLessThanOrEqual(now.getTime() + 66_000);
  expect(new Set(drawn).size).toBeGreaterThan(100);
});

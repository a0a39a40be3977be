import { expect, test } from 'vitest';
import { awayMs, backoffMs } from '@/lib/domains/subscriptions/sync/process-rules';
import { nextAttempt } from '@/lib/kernel/queue/backoff';

const now = new Date('2026-11-21T12:00:00Z');
const hourMs = 3_600_000;

test('attempts are 5 seconds to 6 hours apart, never sooner than the one before, and end after two to three days', () => {
  const waits = backoffMs.map(
    (_, at) => (nextAttempt(backoffMs, at + 1, now, () => 0)?.getTime() ?? 0) - now.getTime(),
  );
  expect(waits[0]).toBe(5_000);
  expect(Math.max(...waits)).toBe(6 * hourMs);
  expect(waits).toEqual([...waits].sort((a, b) => a - b));
  const total = waits.reduce((sum, wait) => sum + wait, 0);
  expect(total).toBeGreaterThan(48 * hourMs);
  expect(total).toBeLessThan(72 * hourMs);
  expect(nextAttempt(backoffMs, backoffMs.length + 1, now)).toBeNull();
});

test('while Stripe is away the pauses double up to a minute', () => {
  expect([1, 2, 3, 6, 7, 1_000].map(awayMs)).toEqual([2_000, 4_000, 8_000, 60_000, 60_000, 60_000]);
});

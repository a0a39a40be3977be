import { expect, test } from 'vitest';
import { makeHistory } from '@/dev/seed/history';
import { seededRandom } from '@/dev/seed/random';

const now = new Date('2026-11-21T02:09:14Z');
const make = (seed: number) =>
  makeHistory({ customerId: 'cus_x', random: seededRandom(seed), now, days: 90, dailyLimit: 25, runsToday: 4 });

test('the same seed makes the same history', () => expect(make(7)).toEqual(make(7)));

test('no day has more runs than the limit, and refusals only where the limit was reached', () => {
  const { runs, days } = make(11);
  for (const plan of days) {
    const started = runs.filter(run => run.runDay === plan.day).length;
    expect(started).toBe(plan.runs);
    expect(started).toBeLessThanOrEqual(25);
    if (plan.refused > 0) expect(started).toBe(25);
  }
});

test('nothing ends in the future, starts before it ends, or fails without a reason', () => {
  for (const run of make(13).runs) {
    expect(run.endTime?.getTime()).toBeLessThanOrEqual(now.getTime());
    expect(run.durationMs).toBeGreaterThanOrEqual(0);
    expect(run.status === 'FAILED').toBe(Boolean(run.errorMessage));
  }
});

test('a failed run has one failed step, and the steps after it are skipped', () => {
  const { runs, steps } = make(17);
  const failed = runs.filter(run => run.status === 'FAILED');
  expect(failed.length).toBeGreaterThan(10);
  for (const run of failed) {
    const statuses = steps.filter(step => step.pipelineLoggingId === run.pipelineLoggingId).map(step => step.status);
    expect(statuses.filter(status => status === 'FAILED')).toHaveLength(1);
    expect(statuses.slice(statuses.indexOf('FAILED') + 1).every(status => status === 'SKIPPED')).toBe(true);
  }
});

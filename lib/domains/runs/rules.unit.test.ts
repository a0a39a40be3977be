import { expect, test } from 'vitest';
import { mayFollow, reportsUntil, type StepStatus } from '@/lib/domains/runs/rules';
import { stepStatuses } from '@/lib/domains/runs/tables';

/** Rows: the state a step was last reported in; columns, in the order of stepStatuses: whether each may follow. */
const table: Record<StepStatus, [pending: 0 | 1, running: 0 | 1, completed: 0 | 1, failed: 0 | 1, skipped: 0 | 1]> = {
  PENDING: [1, 1, 1, 1, 1],
  RUNNING: [0, 1, 1, 1, 1],
  COMPLETED: [0, 0, 1, 0, 0],
  FAILED: [0, 0, 0, 1, 0],
  SKIPPED: [0, 0, 0, 0, 1],
};
const cells = stepStatuses.flatMap(before =>
  stepStatuses.map((after, index) => [before, after, table[before][index] === 1] as const),
);

test.each(cells)('a step that is %s may become %s: %s', (before, after, allowed) =>
  expect(mayFollow(before, after)).toBe(allowed),
);

test('reports are taken while a run goes on, and for 24 hours after its end', () => {
  expect(reportsUntil(null)).toBeNull();
  expect(reportsUntil(new Date('2026-11-21T02:09:14.123Z'))).toEqual(new Date('2026-11-22T02:09:14.123Z'));
});

import { expect, test } from 'vitest';
import { gapsSentence, unmeasuredRuns, withoutLead } from '@/app/_ui/chart-gaps';
import type { ChartPoint } from '@/app/_ui/chart-types';

/** "x" is measured, "." is not; labels are 1, 2, … */
const points = (marks: string): ChartPoint[] =>
  [...marks].map((mark, index) => ({ label: String(index + 1), values: mark === 'x' ? { ok: 1 } : null }));
const shown = (marks: string) => withoutLead(points(marks)).map(({ label }) => Number(label));

test('each run of things not measured is found with its first and last', () => {
  const runs = (marks: string) => unmeasuredRuns([...marks], mark => mark === 'x').map(({ from, to }) => [from, to]);
  expect(runs('..x.xx...')).toEqual([
    [0, 1],
    [3, 3],
    [6, 8],
  ]);
  expect(runs('xx')).toEqual([]);
  expect(runs('')).toEqual([]);
});

test('the sentence names the longest run and counts the other days', () => {
  expect(gapsSentence(points('...x.x'), 'day')).toBe('Not measured: 1 – 3 and 1 other day.');
  expect(gapsSentence(points('x..x.x..'), 'day')).toBe('Not measured: 2 – 3 and 3 other days.');
  expect(gapsSentence(points('x.x'), 'day')).toBe('Not measured: 2.');
  expect(gapsSentence(points('xx'), 'day')).toBe('');
  expect(gapsSentence(points('...'), 'day')).toBe('Nothing was measured.');
});

test('more than half of the chart is never an empty lead, and no fewer than 7 columns are drawn', () => {
  expect(shown(`${'.'.repeat(18)}${'x'.repeat(12)}`)).toEqual([19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30]);
  expect(shown(`${'.'.repeat(29)}x`)).toEqual([24, 25, 26, 27, 28, 29, 30]);
  expect(shown(`${'.'.repeat(15)}${'x'.repeat(15)}`)).toHaveLength(30);
  expect(shown('......x')).toHaveLength(7);
  expect(shown('.'.repeat(30))).toHaveLength(30);
});

test('days are not left out whose day in the period before is drawn', () => {
  const all = points(`${'.'.repeat(20)}${'x'.repeat(5)}`);
  const compared = all.map((point, index) => (index === 2 ? { ...point, previous: { label: 'p', amount: 4 } } : point));
  expect(withoutLead(compared)).toHaveLength(25);
});

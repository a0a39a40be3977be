import { expect, test } from 'vitest';
import { valueAxis } from '@/app/_ui/chart-scale';
import type { ChartPoint } from '@/app/_ui/chart-types';

const series = [
  { key: 'ok', label: 'Succeeded', color: 'ok' },
  { key: 'bad', label: 'Failed', color: 'bad' },
] as const;
const point = (ok: number, bad = 0, limit?: number): ChartPoint => ({ label: String(ok), values: { ok, bad }, limit });
const axisOf = (...points: ChartPoint[]) => valueAxis(points, series, 180);

test('the last label stands at or over the tallest stack: 43 gets an axis to 50', () => {
  const { ticks, y } = axisOf(point(12), point(40, 3, 25));
  expect(ticks).toEqual([0, 10, 20, 30, 40, 50]);
  expect(y(50)).toBe(0);
  expect(y(43)).toBeGreaterThan(0);
});

test('whatever the stack, the axis begins at 0, ends in whole labels and covers stack and limit', () => {
  for (let total = 0; total < 3_000; total += 1) {
    const limit = (total * 7) % 101;
    const { ticks, y } = axisOf(point(total, total % 5, limit));
    const top = ticks.at(-1) ?? 0;
    expect(top).toBeGreaterThanOrEqual(Math.max(total + (total % 5), limit));
    expect(ticks[0]).toBe(0);
    expect(y(top)).toBe(0);
    expect(ticks.every(Number.isInteger)).toBe(true);
    expect(ticks.length).toBeLessThanOrEqual(9);
  }
});

test('without any amount there is an axis all the same', () => {
  expect(axisOf({ label: '1', values: null }).ticks).toEqual([0, 1, 2, 3, 4]);
  expect(axisOf().ticks).toEqual([0, 1, 2, 3, 4]);
});

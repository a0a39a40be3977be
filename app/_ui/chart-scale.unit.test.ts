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

test('no maximum of any size passes the last label, in counts and in dollars', () => {
  let seed = 7;
  const next = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  for (let trial = 0; trial < 4_000; trial += 1) {
    const size = 10 ** (next() * 12 - 4);
    const [bar, limit, before] = [next() * size, next() * size, next() * size];
    for (const unit of ['count', 'usd'] as const) {
      const amount = (value: number) => (unit === 'count' ? Math.ceil(value) : value);
      const drawn: ChartPoint = {
        label: '1',
        values: { ok: amount(bar), bad: 0 },
        limit: amount(limit),
        previous: { label: '0', amount: amount(before) },
      };
      const { ticks, y } = valueAxis([drawn], series, 180, unit);
      const most = Math.max(amount(bar), amount(limit), amount(before));
      expect(ticks.at(-1), `${most}`).toBeGreaterThanOrEqual(most);
      expect(y(most)).toBeGreaterThanOrEqual(0);
    }
  }
});

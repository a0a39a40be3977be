import { expect, test } from 'vitest';
import { barOf, lengthOf, ticksOf } from '@/app/_ui/timeline-scale';

test('a bar lies where its time lies', () => {
  expect(barOf({ startMs: 0, durationMs: 25 }, 100)).toEqual({ leftPercent: 0, widthPercent: 25, label: 'after' });
  expect(barOf({ startMs: 50, durationMs: 50 }, 100)).toEqual({ leftPercent: 50, widthPercent: 50, label: 'before' });
  expect(barOf({ startMs: 40, durationMs: null }, 100)).toEqual({ leftPercent: 40, widthPercent: 0, label: 'after' });
});

test('a label stands on the side that has room, or on a bar that leaves none', () => {
  const at = (startMs: number, endMs: number) => barOf({ startMs, durationMs: endMs - startMs }, 100).label;
  expect([at(0, 78), at(0, 79), at(22, 100), at(21, 100), at(90, 90)]).toEqual([
    'after',
    'inside',
    'before',
    'inside',
    'before',
  ]);
});

test('what lies outside the timeline stays on its edge', () => {
  expect(barOf({ startMs: -50, durationMs: 100 }, 100)).toMatchObject({ leftPercent: 0, widthPercent: 50 });
  expect(barOf({ startMs: 500, durationMs: 10 }, 100)).toMatchObject({ leftPercent: 100, widthPercent: 0 });
  expect(lengthOf([])).toBe(1);
  expect(
    lengthOf([
      { startMs: 5, durationMs: 20 },
      { startMs: 30, durationMs: null },
    ]),
  ).toBe(30);
});

test('ticks are round, begin at 0 and are few at any length', () => {
  expect(ticksOf(252_000).map(({ atMs }) => atMs)).toEqual([0, 60_000, 120_000, 180_000, 240_000]);
  for (const totalMs of [1, 7, 340, 99_999, 3_600_000, 86_400_000, 31 * 86_400_000, 1e12]) {
    const ticks = ticksOf(totalMs);
    expect(ticks.length).toBeLessThanOrEqual(6);
    expect(ticks[0]).toEqual({ atMs: 0, leftPercent: 0 });
    expect(ticks.every(({ leftPercent }) => leftPercent <= 100)).toBe(true);
  }
});

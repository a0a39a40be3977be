import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { seriesPatterns } from '@/app/_ui/chart-patterns';
import type { ChartSeries } from '@/app/_ui/chart-types';
import { chartSeries } from '@/app/(portal)/_charts/chart-points';
import { allRunsChart } from '@/app/(portal)/_overview/all-runs';
import type { DayUse, HistoryDay } from '@/lib/domains/quotas/history';

type Color = ChartSeries['color'];
const themes = ['light', 'dark'] as const;
const tokens = readFileSync('app/_ui/css/tokens.css', 'utf8');

/** Relative luminance (WCAG 2) of a token. */
function luminance(token: string, theme: (typeof themes)[number]): number {
  const hex = new RegExp(`--${token}: light-dark\\(#(\\w{6}), #(\\w{6})\\)`).exec(tokens);
  const digits = hex?.[theme === 'light' ? 1 : 2] ?? '';
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map(at => {
    const part = Number.parseInt(digits.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const colorToken = (color: Color) =>
  /\d/.test(color) ? `series-${color}` : color === 'neutral' ? color : `${color}-fill`;
const contrast = (a: number, b: number) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);

/** Every stack that the outcomes of runs can make. */
const outcomeStacks: Color[][] = [0, 1, 2, 3, 4, 5, 6, 7].map(bits => {
  const use: DayUse = {
    runs: 9,
    succeeded: 1,
    failed: 1,
    cancelled: bits & 1,
    running: (bits >> 1) & 1,
    refused: (bits >> 2) & 1,
    limit: 6,
    mostAtOnce: 1,
  };
  const days: HistoryDay[] = [{ day: '2026-11-21', isToday: false, use }];
  return chartSeries(days, use.refused > 0).map(({ color }) => color);
});
/** Runs that took quota below observed ones, with and without such as were cancelled or run still. */
const allRunsStacks: Color[][] = [0, 1].map(running => {
  const use: DayUse = {
    runs: 1 + running,
    succeeded: 1,
    failed: 0,
    cancelled: 0,
    running,
    refused: 0,
    limit: 6,
    mostAtOnce: 1,
  };
  const observed = { runs: 2, succeeded: 1, failed: 1, cancelled: 0, running: 0 };
  const day = '2026-11-21';
  return allRunsChart([{ day, isToday: false, use }], new Map([[day, observed]])).series.map(({ color }) => color);
});
const stacks: Color[][] = [
  ...outcomeStacks,
  ...allRunsStacks,
  ['1', '2', '3', '4', 'neutral'],
  ['ok', 'bad', 'neutral'],
];

test('no two series of a chart have the same pattern', () => {
  expect(new Set(seriesPatterns.map(({ path }) => path)).size).toBe(seriesPatterns.length);
  expect(Math.max(...stacks.map(stack => stack.length))).toBeLessThanOrEqual(seriesPatterns.length);
});

describe.each(themes)('in greyscale, %s', theme => {
  const surface = luminance('surface', theme);

  test('a pattern is seen on every colour: its gaps stand out by 3 to 1', () => {
    for (const color of new Set(stacks.flat()))
      expect(contrast(luminance(colorToken(color), theme), surface), color).toBeGreaterThanOrEqual(3);
  });

  test('neighbours in a stack differ in grey too, as seen from where the pattern blurs', () => {
    for (const stack of stacks) {
      const greys = stack.map((color, place) => {
        const gap = seriesPatterns[place]?.gap ?? 0;
        return luminance(colorToken(color), theme) * (1 - gap) + surface * gap;
      });
      for (const [place, grey] of greys.slice(1).entries())
        expect(contrast(grey, greys[place] ?? 0), `${stack.join(', ')} at ${place}`).toBeGreaterThanOrEqual(1.1);
    }
  });
});

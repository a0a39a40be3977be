/** The value axis of a chart: from 0 to a round number that no bar and no line passes. Pure. */
import { scaleLinear } from 'd3-scale';
import type { ChartPoint, ChartSeries, ChartUnit } from '@/app/_ui/chart-types';
import { formatCompact, formatCompactDollars, formatCount, formatDollars } from '@/app/_ui/format';

export type ValueAxis = {
  /** Labelled values from 0 to the end of the axis. */
  ticks: number[];
  /** Distance from the top in px. */
  y: (value: number) => number;
};

/** A few labels are enough to read a height by. */
const wantedTicks = 4;
/** Below this an axis of whole things would have labels between them; one of dollars may. */
const leastTop = { count: 4, usd: 0.01 };

/** An amount in full, and short for the axis. */
export const amountText = (unit: ChartUnit, amount: number): string =>
  unit === 'usd' ? formatDollars(amount) : formatCount(amount);
export const axisText = (unit: ChartUnit, amount: number): string =>
  unit === 'usd' ? formatCompactDollars(amount) : formatCompact(amount);

/** Sum of a point's series; 0 where nothing was measured. */
const stackOf = (point: ChartPoint, series: readonly ChartSeries[]): number =>
  series.reduce((sum, { key }) => sum + (point.values?.[key] ?? 0), 0);

/** The axis for stacked points, their limits and the period before, `heightPx` high. */
export function valueAxis(
  points: readonly ChartPoint[],
  series: readonly ChartSeries[],
  heightPx: number,
  unit: ChartUnit = 'count',
): ValueAxis {
  const top = Math.max(
    leastTop[unit],
    ...points.map(point => stackOf(point, series)),
    ...points.map(point => Math.max(point.limit ?? 0, point.previous?.amount ?? 0)),
  );
  const scale = scaleLinear([0, top], [heightPx - 1, 0]).nice(wantedTicks);
  return { ticks: scale.ticks(wantedTicks), y: value => scale(value) };
}

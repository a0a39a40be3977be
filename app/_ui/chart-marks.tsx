/** What is drawn in a chart: the stack of a point, its limit, and the period before as a stepped line. */

import { seriesFill } from '@/app/_ui/chart-patterns';
import { amountText, type ValueAxis } from '@/app/_ui/chart-scale';
import type { ChartPoint, ChartSeries, ChartUnit } from '@/app/_ui/chart-types';

type BarProps = {
  /** Of the chart, for its patterns. */
  id: string;
  point: ChartPoint;
  series: readonly ChartSeries[];
  y: ValueAxis['y'];
  unit: ChartUnit;
  left: number;
  width: number;
};

export function Bar({ id, point, series, y, unit, left, width }: BarProps) {
  if (!point.values) return null;
  const place = { x: `${left}%`, width: `${width}%` };
  let base = 0;
  const parts = series.flatMap((one, index) => {
    const amount = point.values?.[one.key] ?? 0;
    if (amount <= 0) return [];
    const part = { key: one.key, fill: seriesFill(id, one, index), top: y(base + amount), bottom: y(base) };
    base += amount;
    return [part];
  });
  const text = series.map(({ key, label }) => `${label} ${amountText(unit, point.values?.[key] ?? 0)}`).join(', ');
  return (
    <g>
      <title>{`${point.label}: ${text}${point.partial ? ' (so far)' : ''}`}</title>
      {parts.map(({ key, fill, top, bottom }) => (
        <rect
          key={key}
          {...place}
          y={top}
          height={bottom - top}
          fill={fill.fill}
          className={`chart-bar ${fill.className}`}
        />
      ))}
      {point.partial && base > 0 && <rect {...place} y={y(base)} height={y(0) - y(base)} fill={`url(#${id}-hatch)`} />}
    </g>
  );
}

/** The lines that today's bar is crossed by. */
export const UnfinishedPattern = ({ id }: { id: string }) => (
  <pattern id={`${id}-hatch`} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
    <line x1="0" y1="0" x2="0" y2="6" className="chart-hatch" />
  </pattern>
);

type StepProps = {
  points: readonly ChartPoint[];
  y: ValueAxis['y'];
  /** null or undefined: the line has a gap. */
  levelOf: (point: ChartPoint) => number | null | undefined;
  className: string;
};

/** A line that has each point's level over the whole of its column. */
export function StepLine({ points, y, levelOf, className }: StepProps) {
  const stepPercent = 100 / Math.max(1, points.length);
  return points.map((point, index) => {
    const level = levelOf(point);
    if (level === undefined || level === null) return null;
    const [from, to] = [`${index * stepPercent}%`, `${(index + 1) * stepPercent}%`];
    const before = points[index - 1];
    const previous = before && levelOf(before);
    const changed = previous !== undefined && previous !== null && previous !== level;
    return (
      <g key={point.label}>
        {changed && <line x1={from} x2={from} y1={y(previous)} y2={y(level)} className={className} />}
        <line x1={from} x2={to} y1={y(level)} y2={y(level)} className={className} />
      </g>
    );
  });
}

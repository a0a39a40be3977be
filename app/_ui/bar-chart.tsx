/** Stacked bars drawn on the server as SVG: limit as a stepped line, the unfinished period hatched, gaps where nothing was measured. */
import { scaleBand } from 'd3-scale';
import { useId } from 'react';
import { ChartLegend, ChartTable } from '@/app/_ui/chart-parts';
import { amountText, axisText, type ValueAxis, valueAxis } from '@/app/_ui/chart-scale';
import type { BarChartProps, ChartPoint, ChartSeries, ChartUnit } from '@/app/_ui/chart-types';

export function BarChart(props: BarChartProps) {
  const { title, sentence, series, points, heightPx = 180, limitLabel = 'Limit', unit = 'count' } = props;
  const id = useId();
  const { ticks, y } = valueAxis(points, series, heightPx, unit);
  const x = scaleBand(
    points.map((_, index) => String(index)),
    [0, 100],
  )
    .paddingInner(0.2)
    .paddingOuter(0.1);
  const place = (index: number) => x(String(index)) ?? 0;
  return (
    <figure className="flex min-w-0 flex-col gap-3">
      <figcaption className="text-muted">{sentence}</figcaption>
      <ChartLegend {...{ series, points, limitLabel, unit }} />
      <div className="flex gap-2">
        <div
          className="relative w-10 flex-none text-meta text-muted tabular-nums"
          style={{ height: heightPx }}
          aria-hidden="true"
        >
          {ticks.map(tick => (
            <span key={tick} className="absolute right-0 -translate-y-1/2" style={{ top: y(tick) }}>
              {axisText(unit, tick)}
            </span>
          ))}
        </div>
        <svg
          width="100%"
          height={heightPx}
          role="img"
          aria-labelledby={`${id}-title ${id}-text`}
          className="min-w-0 overflow-visible"
        >
          <title id={`${id}-title`}>{title}</title>
          <desc id={`${id}-text`}>{sentence}</desc>
          <defs>
            <pattern
              id={`${id}-hatch`}
              width="6"
              height="6"
              patternUnits="userSpaceOnUse"
              patternTransform="rotate(45)"
            >
              <line x1="0" y1="0" x2="0" y2="6" className="chart-hatch" />
            </pattern>
          </defs>
          {ticks.map(tick => (
            <line key={tick} x1="0" x2="100%" y1={y(tick)} y2={y(tick)} className="chart-grid" />
          ))}
          {points.map((point, index) => (
            <Bar
              key={point.label}
              {...{ point, series, y, unit, hatch: `${id}-hatch`, left: place(index), width: x.bandwidth() }}
            />
          ))}
          <LimitLine points={points} y={y} stepPercent={100 / Math.max(1, points.length)} />
        </svg>
      </div>
      <PointLabels points={points} />
      <ChartTable {...props} limitLabel={limitLabel} />
    </figure>
  );
}

type BarProps = {
  point: ChartPoint;
  series: readonly ChartSeries[];
  y: ValueAxis['y'];
  unit: ChartUnit;
  hatch: string;
  left: number;
  width: number;
};

function Bar({ point, series, y, unit, hatch, left, width }: BarProps) {
  if (!point.values) return null;
  const place = { x: `${left}%`, width: `${width}%` };
  let base = 0;
  const parts = series.flatMap(({ key, color }) => {
    const amount = point.values?.[key] ?? 0;
    if (amount <= 0) return [];
    const part = { key, color, top: y(base + amount), height: y(base) - y(base + amount) };
    base += amount;
    return [part];
  });
  const text = series.map(({ key, label }) => `${label} ${amountText(unit, point.values?.[key] ?? 0)}`).join(', ');
  return (
    <g>
      <title>{`${point.label}: ${text}${point.partial ? ' (so far)' : ''}`}</title>
      {parts.map(part => (
        <rect
          key={part.key}
          {...place}
          y={part.top}
          height={part.height}
          className={`chart-bar series-${part.color}`}
        />
      ))}
      {point.partial && base > 0 && <rect {...place} y={y(base)} height={y(0) - y(base)} fill={`url(#${hatch})`} />}
    </g>
  );
}

function LimitLine({
  points,
  y,
  stepPercent,
}: {
  points: readonly ChartPoint[];
  y: ValueAxis['y'];
  stepPercent: number;
}) {
  return points.map((point, index) => {
    if (point.limit === undefined || point.limit === null) return null;
    const [from, to] = [`${index * stepPercent}%`, `${(index + 1) * stepPercent}%`];
    const level = y(point.limit);
    const previous = points[index - 1]?.limit;
    const changed = previous !== undefined && previous !== null && previous !== point.limit;
    return (
      <g key={point.label}>
        {changed && <line x1={from} x2={from} y1={y(previous)} y2={level} className="chart-limit" />}
        <line x1={from} x2={to} y1={level} y2={level} className="chart-limit" />
      </g>
    );
  });
}

/** First and last label and some between, as HTML so that text never scales. */
function PointLabels({ points }: { points: readonly ChartPoint[] }) {
  const every = Math.max(1, Math.ceil(points.length / 5));
  const shown = points
    .map((point, index) => ({ point, index }))
    .filter(({ index }) => index % every === 0 && index + every / 2 < points.length - 1);
  const last = points.length - 1;
  return (
    <div aria-hidden="true" className="relative ml-12 h-4 text-meta text-muted">
      {shown.map(({ point, index }) => (
        <span
          key={point.label}
          // On a phone the last label takes the room of those in the right half.
          className={`absolute whitespace-nowrap ${index * 2 > points.length ? 'max-sm:hidden' : ''}`}
          style={{ left: `${(index * 100) / points.length}%` }}
        >
          {point.label}
        </span>
      ))}
      {points[last] && (
        <span className="absolute right-0 bg-surface pl-1 whitespace-nowrap">
          {points[last].label}
          {points[last].partial && ', so far'}
        </span>
      )}
    </div>
  );
}

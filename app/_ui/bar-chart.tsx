/** Stacked bars drawn on the server as SVG: limit as a stepped line, the unfinished period hatched, gaps where nothing was measured. */
import { scaleBand } from 'd3-scale';
import { useId } from 'react';
import { gapsSentence, withoutLead } from '@/app/_ui/chart-gaps';
import { ChartIsland } from '@/app/_ui/chart-island';
import { Bar, StepLine, UnfinishedPattern } from '@/app/_ui/chart-marks';
import { ChartLegend } from '@/app/_ui/chart-parts';
import { SeriesPatterns } from '@/app/_ui/chart-patterns';
import { axisText, valueAxis } from '@/app/_ui/chart-scale';
import { ChartTable } from '@/app/_ui/chart-table';
import type { BarChartProps, ChartPoint } from '@/app/_ui/chart-types';

export function BarChart(props: BarChartProps) {
  const { title, series, heightPx = 180, limitLabel = 'Limit', unit = 'count', pointNoun = 'day' } = props;
  const id = useId();
  const points = withoutLead(props.points);
  const gaps = gapsSentence(props.points, pointNoun);
  const sentence = gaps ? `${props.sentence} ${gaps}` : props.sentence;
  const { ticks, y } = valueAxis(points, series, heightPx, unit);
  const x = scaleBand(
    points.map((_, index) => String(index)),
    [0, 100],
  )
    .paddingInner(0.2)
    .paddingOuter(0.1);
  return (
    <figure className="flex min-w-0 flex-col gap-3">
      <figcaption className="text-muted">{sentence}</figcaption>
      <ChartLegend {...props} {...{ id, points, limitLabel, unit }} />
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
        <div className="relative min-w-0 flex-1">
          <svg
            width="100%"
            height={heightPx}
            role="img"
            aria-labelledby={`${id}-title ${id}-text`}
            className="overflow-visible"
          >
            <title id={`${id}-title`}>{title}</title>
            <desc id={`${id}-text`}>{sentence}</desc>
            <defs>
              <UnfinishedPattern id={id} />
              <SeriesPatterns id={id} series={series} />
            </defs>
            {ticks.map(tick => (
              <line key={tick} x1="0" x2="100%" y1={y(tick)} y2={y(tick)} className="chart-grid" />
            ))}
            {points.map((point, index) => (
              <Bar
                key={point.label}
                {...{ id, point, series, y, unit, left: x(String(index)) ?? 0, width: x.bandwidth() }}
              />
            ))}
            {['chart-halo', 'chart-previous'].map(className => (
              <StepLine
                key={className}
                {...{ points, y, className }}
                levelOf={({ previous }: ChartPoint) => previous?.amount}
              />
            ))}
            <StepLine {...{ points, y }} className="chart-limit" levelOf={({ limit }) => limit} />
          </svg>
          <ChartIsland key={`${points[0]?.label} ${points.length}`} label={`${title}, each ${pointNoun}`} />
        </div>
      </div>
      <PointLabels points={points} />
      <ChartTable {...props} {...{ id, points, limitLabel }} />
    </figure>
  );
}

/** Signs of a label of which a phone has room for two only: "27 Nov, 11:00". */
const longLabel = 8;

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
          // On a phone the last label takes the room of those in the right half, and long ones that of each other.
          className={`absolute whitespace-nowrap ${index * 2 > points.length || (index > 0 && point.label.length > longLabel) ? 'max-sm:hidden' : ''}`}
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

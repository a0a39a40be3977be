/** The names of what a chart draws, each with its total and, where there is one, the list of what it counts. */
import { SeriesSwatch } from '@/app/_ui/chart-patterns';
import { amountText } from '@/app/_ui/chart-scale';
import type { ChartPoint, ChartSeries, ChartUnit } from '@/app/_ui/chart-types';
import { Link } from '@/app/_ui/link';

type LegendProps = {
  /** Of the chart, for its patterns. */
  id: string;
  series: readonly ChartSeries[];
  points: readonly ChartPoint[];
  limitLabel: string;
  previousLabel?: string;
  unit: ChartUnit;
};

export function ChartLegend({ id, series, points, limitLabel, previousLabel, unit }: LegendProps) {
  const total = (key: string) => points.reduce((sum, point) => sum + (point.values?.[key] ?? 0), 0);
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 text-table">
      {series.map((one, place) => (
        <li key={one.key} className="flex min-w-0 items-center gap-2">
          <SeriesSwatch id={id} series={one} place={place} />
          <span className="min-w-0 wrap-anywhere">
            {one.href ? (
              <Link className="link" href={one.href}>
                {one.label}
              </Link>
            ) : (
              one.label
            )}
          </span>
          <span className="font-medium tabular-nums">{amountText(unit, total(one.key))}</span>
        </li>
      ))}
      {points.some(point => point.limit !== undefined && point.limit !== null) && (
        <li className="flex items-center gap-2">
          <LineSwatch className="chart-limit" />
          {limitLabel}
        </li>
      )}
      {previousLabel && points.some(({ previous }) => typeof previous?.amount === 'number') && (
        <li className="flex items-center gap-2">
          <LineSwatch className="chart-previous" />
          {previousLabel}
        </li>
      )}
      {points.some(point => point.partial) && (
        <li className="flex items-center gap-2 text-muted">
          <span aria-hidden="true" className="swatch-hatched" />
          so far
        </li>
      )}
    </ul>
  );
}

const LineSwatch = ({ className }: { className: string }) => (
  <svg aria-hidden="true" width="20" height="4" className="flex-none">
    <line x1="0" x2="20" y1="2" y2="2" className={className} />
  </svg>
);

/** What stands around a chart: labels with totals, and the same data as a table. */
import { amountText } from '@/app/_ui/chart-scale';
import type { BarChartProps, ChartPoint, ChartSeries, ChartUnit } from '@/app/_ui/chart-types';
import { formatCount } from '@/app/_ui/format';

type LegendProps = {
  series: readonly ChartSeries[];
  points: readonly ChartPoint[];
  limitLabel: string;
  unit: ChartUnit;
};

export function ChartLegend({ series, points, limitLabel, unit }: LegendProps) {
  const total = (key: string) => points.reduce((sum, point) => sum + (point.values?.[key] ?? 0), 0);
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 text-table">
      {series.map(({ key, label, color }) => (
        <li key={key} className="flex items-center gap-2">
          <span aria-hidden="true" className={`chart-swatch series-${color}`} />
          {label} <span className="font-medium tabular-nums">{amountText(unit, total(key))}</span>
        </li>
      ))}
      {points.some(point => point.limit !== undefined && point.limit !== null) && (
        <li className="flex items-center gap-2">
          <svg aria-hidden="true" width="20" height="2">
            <line x1="0" x2="20" y1="1" y2="1" className="chart-limit" />
          </svg>
          {limitLabel}
        </li>
      )}
      {points.some(point => point.partial) && (
        <li className="flex items-center gap-2 text-muted">
          <span aria-hidden="true" className="swatch-hatched" />
          today so far
        </li>
      )}
    </ul>
  );
}

export function ChartTable({ title, series, points, pointHead, limitLabel = 'Limit', unit = 'count' }: BarChartProps) {
  const withLimit = points.some(point => point.limit !== undefined && point.limit !== null);
  return (
    <details>
      <summary className="link cursor-pointer py-1">Show as table</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard. */}
      <section className="scroll-box mt-2 max-h-80 overflow-y-auto" aria-label={`${title}, as table`} tabIndex={0}>
        <table className="table">
          <caption className="sr-only">{title}</caption>
          <thead>
            <tr>
              <th scope="col">{pointHead}</th>
              {series.map(({ key, label }) => (
                <th key={key} scope="col" className="num">
                  {label}
                </th>
              ))}
              {withLimit && (
                <th scope="col" className="num">
                  {limitLabel}
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {points.toReversed().map(point => (
              <tr key={point.label}>
                <th scope="row">
                  {point.label}
                  {point.partial && <span className="font-normal text-muted"> (so far)</span>}
                </th>
                {series.map(({ key }) => (
                  <td key={key} className="num">
                    {point.values ? (
                      amountText(unit, point.values[key] ?? 0)
                    ) : (
                      <span className="text-muted">not measured</span>
                    )}
                  </td>
                ))}
                {withLimit && <td className="num">{formatCount(point.limit)}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}

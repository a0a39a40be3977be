/** The same data as the chart's, as a table; what is hovered, touched or stepped to in the chart is read from its rows. */
import { SeriesSwatch } from '@/app/_ui/chart-patterns';
import { amountText } from '@/app/_ui/chart-scale';
import type { BarChartProps, ChartPoint, ChartSeries, ChartUnit } from '@/app/_ui/chart-types';

type Props = BarChartProps & { id: string };

export function ChartTable({ id, title, series, points, pointHead, limitLabel = 'Limit', unit = 'count' }: Props) {
  const withLimit = points.some(point => point.limit !== undefined && point.limit !== null);
  const withPrevious = points.some(point => point.previous);
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
              {series.map((one, place) => (
                <th key={one.key} scope="col" className="num">
                  <SeriesSwatch id={id} series={one} place={place} /> {one.label}
                </th>
              ))}
              {series.length > 1 && <Head>Total</Head>}
              {withLimit && <Head>{limitLabel}</Head>}
              {withPrevious && <Head>Period before</Head>}
            </tr>
          </thead>
          <tbody>
            {points.toReversed().map(point => (
              <tr key={point.label} data-point={point.label}>
                <th scope="row">
                  {point.label}
                  {point.partial && <span className="font-normal text-muted"> (so far)</span>}
                </th>
                <Amounts point={point} series={series} unit={unit} />
                {withLimit && <td className="num">{amountOr(unit, point.limit, '–')}</td>}
                {withPrevious && <td className="num">{point.previous && previousText(unit, point.previous)}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}

const Head = ({ children }: { children: string }) => (
  <th scope="col" className="num">
    {children}
  </th>
);

const amountOr = (unit: ChartUnit, amount: number | null | undefined, none: string): string =>
  typeof amount === 'number' ? amountText(unit, amount) : none;

/** "5 on 22 Oct". */
const previousText = (unit: ChartUnit, { label, amount }: NonNullable<ChartPoint['previous']>): string =>
  `${amountOr(unit, amount, 'not measured')} on ${label}`;

function Amounts({ point, series, unit }: { point: ChartPoint; series: readonly ChartSeries[]; unit: ChartUnit }) {
  const { values } = point;
  const withTotal = series.length > 1;
  if (!values)
    return (
      <td className="num text-muted" colSpan={series.length + (withTotal ? 1 : 0)}>
        not measured
      </td>
    );
  return (
    <>
      {series.map(({ key }) => (
        <td key={key} className="num">
          {amountText(unit, values[key] ?? 0)}
        </td>
      ))}
      {withTotal && (
        <td className="num font-medium">
          {amountText(
            unit,
            series.reduce((sum, { key }) => sum + (values[key] ?? 0), 0),
          )}
        </td>
      )}
    </>
  );
}

/** Patterns that tell the series of a chart apart where colours do not: in greyscale, in print, to eyes that mix colours up. */
import type { ChartSeries } from '@/app/_ui/chart-types';

type Pattern = {
  name: string;
  /** Side of the square that repeats, in px. */
  sizePx: number;
  /** Share of the square that shows the surface behind the bar. */
  gap: number;
  /** The gap, as lines or dots of the surface's colour. */
  path: string;
  lineWidthPx: number;
};

/** By place in the stack, from the axis up. Diagonals to the right are left to the unfinished period. */
export const seriesPatterns: readonly Pattern[] = [
  { name: 'solid', sizePx: 4, gap: 0, path: '', lineWidthPx: 0 },
  { name: 'lying lines', sizePx: 8, gap: 0.1, path: 'M0 6h8', lineWidthPx: 0.8 },
  { name: 'dots', sizePx: 5, gap: 0.4, path: 'M1 2.5h3.2', lineWidthPx: 3.1 },
  { name: 'standing lines', sizePx: 7, gap: 0.14, path: 'M6 0v7', lineWidthPx: 1 },
  { name: 'lines to the left', sizePx: 10, gap: 0.1, path: 'M0 0l10 10M-1 9l2 2M9 -1l2 2', lineWidthPx: 0.7 },
];

const patternOf = (place: number): Pattern | undefined => seriesPatterns[place % seriesPatterns.length];
const isSolid = (place: number): boolean => (patternOf(place)?.gap ?? 0) === 0;

/** What a bar or swatch of the series at `place` is filled with; `id` is the chart's. */
export const seriesFill = (id: string, { color }: ChartSeries, place: number): { className: string; fill?: string } =>
  isSolid(place) ? { className: `chart-fill series-${color}` } : { className: '', fill: `url(#${id}-series-${place})` };

/** The patterns that seriesFill names; once in each chart. */
export function SeriesPatterns({ id, series }: { id: string; series: readonly ChartSeries[] }) {
  return series.map(({ key, color }, place) => {
    const pattern = patternOf(place);
    if (!pattern || isSolid(place)) return null;
    return (
      <pattern
        key={key}
        id={`${id}-series-${place}`}
        width={pattern.sizePx}
        height={pattern.sizePx}
        patternUnits="userSpaceOnUse"
        className={`series-${color}`}
      >
        <rect width={pattern.sizePx} height={pattern.sizePx} className="chart-fill" />
        <path d={pattern.path} strokeWidth={pattern.lineWidthPx} className="chart-gap" />
      </pattern>
    );
  });
}

/** The mark of a series beside its name. */
export function SeriesSwatch({ id, series, place }: { id: string; series: ChartSeries; place: number }) {
  return (
    <svg aria-hidden="true" width="12" height="12" className="chart-swatch">
      <rect width="12" height="12" rx="2" {...seriesFill(id, series, place)} />
    </svg>
  );
}

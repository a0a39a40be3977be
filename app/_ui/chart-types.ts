/** What a bar chart is given. */

export type ChartSeries = {
  key: string;
  label: string;
  /** A meaning (succeeded: ok, failed: bad) or one of the five series colours. At most five series. */
  color: 'ok' | 'warn' | 'bad' | 'neutral' | '1' | '2' | '3' | '4' | '5';
  /** The list of what the series counts. */
  href?: string;
};

export type ChartPoint = {
  /** "21 Nov", under the axis and in the table. */
  label: string;
  /** Amount by series key; null: not measured, drawn as a gap. */
  values: Readonly<Record<string, number>> | null;
  /** Limit that held then; left out where none was. */
  limit?: number | null;
  /** The period is not over. */
  partial?: boolean;
  /** The point as far into the period before, with its sum; null: not measured. */
  previous?: { label: string; amount: number | null };
};

export type ChartUnit = 'count' | 'usd';

export type BarChartProps = {
  /** "Runs, last 30 days (UTC)". */
  title: string;
  /** One sentence that says what the chart shows: "61 runs, 2 failed; the limit was 6 a day." */
  sentence: string;
  series: readonly ChartSeries[];
  points: readonly ChartPoint[];
  /** Heading of the first column of the table: "Date". */
  pointHead: string;
  /** What a point is: "day". */
  pointNoun?: string;
  /** "limit 6": what the dashed line is. */
  limitLabel?: string;
  /** "2–31 Oct 2026": which days the line of the period before is of. */
  previousLabel?: string;
  heightPx?: number;
  /** What the amounts are: whole things, or US dollars. */
  unit?: ChartUnit;
};

/** What a bar chart is given. */

export type ChartSeries = {
  key: string;
  label: string;
  /** A meaning (succeeded: ok, failed: bad) or one of the five series colours. At most five series. */
  color: 'ok' | 'warn' | 'bad' | 'neutral' | '1' | '2' | '3' | '4' | '5';
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
  /** "limit 6": what the dashed line is. */
  limitLabel?: string;
  heightPx?: number;
  /** What the amounts are: whole things, or US dollars. */
  unit?: ChartUnit;
};

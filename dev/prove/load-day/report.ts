/** What a simulated day of the loader comes to, as a table: how long rows waited, by how busy their table is. */
import type { Day, Load } from '@/dev/prove/load-day/simulate';

const classes = [1, 10, 100, 1_000, 10_000, 100_000, Number.POSITIVE_INFINITY];

const share = (sorted: readonly number[], part: number) => sorted[Math.floor((sorted.length - 1) * part)] ?? 0;

export type LagLine = {
  below: number;
  loads: number;
  rowsPerLoad: number;
  medianSeconds: number;
  p95Seconds: number;
  mostSeconds: number;
};

/** One line a class of tables by rows an hour: how long the first row of a load had waited once it was there. */
export function lagLines(loads: readonly Load[]): LagLine[] {
  const lines: LagLine[] = [];
  let from = 0;
  for (const below of classes) {
    const mine = loads.filter(({ rowsPerHour }) => rowsPerHour >= from && rowsPerHour < below);
    const waited = mine.map(({ waitedSeconds }) => waitedSeconds).sort((one, other) => one - other);
    if (mine.length > 0)
      lines.push({
        below,
        loads: mine.length,
        rowsPerLoad: mine.reduce((sum, { rows }) => sum + rows, 0) / mine.length,
        medianSeconds: share(waited, 0.5),
        p95Seconds: share(waited, 0.95),
        mostSeconds: waited.at(-1) ?? 0,
      });
    from = below;
  }
  return lines;
}

/** The day as lines of text. */
export function dayReport(day: Day, jobsPerDay: number): string {
  const head = ['rows an hour', 'loads', 'rows a load', 'waited: median s', 'p95 s', 'most s'];
  const name = (below: number) => (Number.isFinite(below) ? `below ${below.toLocaleString('en')}` : 'more');
  const rows = lagLines(day.loads).map(line =>
    [
      name(line.below),
      line.loads,
      line.rowsPerLoad < 10 ? line.rowsPerLoad.toFixed(1) : Math.round(line.rowsPerLoad),
      Math.round(line.medianSeconds),
      Math.round(line.p95Seconds),
      Math.round(line.mostSeconds),
    ].map(String),
  );
  const widths = head.map((text, column) => Math.max(text.length, ...rows.map(row => row[column]?.length ?? 0)));
  const text = [head, ...rows].map(row => row.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('  '));
  const used = `${day.jobs.toLocaleString('en')} of ${jobsPerDay.toLocaleString('en')} jobs`;
  return [...text, '', used].join('\n');
}

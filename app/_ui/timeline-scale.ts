/** Where bars and ticks of a timeline lie, in percent of its width. Pure. */
import { scaleLinear } from 'd3-scale';

export type Span = {
  /** Milliseconds after the timeline's start; before it where a clock ran fast. */
  startMs: number;
  /** null: it has no length, such as a step that was skipped. */
  durationMs: number | null;
};

export type Bar = {
  leftPercent: number;
  widthPercent: number;
  /** Where the bar's label has room: after it, before it, or on it where it fills the track. */
  label: 'after' | 'before' | 'inside';
};

/** Room that a label needs beside its bar. */
const labelPercent = 22;

/** Milliseconds between ticks, from which the one that gives at most six is taken. */
const steps = [
  1, 10, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000,
  1_800_000, 3_600_000, 7_200_000, 14_400_000, 21_600_000, 43_200_000, 86_400_000, 172_800_000, 604_800_000,
];

/** Length of a timeline that holds all spans; never 0, so that there is something to divide by. */
export const lengthOf = (spans: readonly Span[]): number =>
  Math.max(1, ...spans.map(({ startMs, durationMs }) => startMs + (durationMs ?? 0)));

/** The bar of a span on a timeline of that length. */
export function barOf({ startMs, durationMs }: Span, totalMs: number): Bar {
  const percent = scaleLinear([0, totalMs], [0, 100]).clamp(true);
  const leftPercent = percent(startMs);
  const endPercent = percent(startMs + (durationMs ?? 0));
  const label = 100 - endPercent >= labelPercent ? 'after' : leftPercent >= labelPercent ? 'before' : 'inside';
  return { leftPercent, widthPercent: endPercent - leftPercent, label };
}

/** Instants to label, from 0 on, at most `most` of them beside it. */
export function ticksOf(totalMs: number, most = 5): { atMs: number; leftPercent: number }[] {
  const step = steps.find(candidate => totalMs / candidate <= most) ?? Math.ceil(totalMs / most);
  const count = Math.floor(totalMs / step);
  return Array.from({ length: count + 1 }, (_, index) => ({
    atMs: index * step,
    leftPercent: ((index * step) / totalMs) * 100,
  }));
}

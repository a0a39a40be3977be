/** What of a chart was not measured: runs of points without values, in words, and how many lead it that are left out. Pure. */
import type { ChartPoint } from '@/app/_ui/chart-types';
import { formatPlural } from '@/app/_ui/format';

/** First and last index of each run of things that were not measured. */
export function unmeasuredRuns<Thing>(
  things: readonly Thing[],
  isMeasured: (thing: Thing) => boolean,
): { from: number; to: number }[] {
  const runs: { from: number; to: number }[] = [];
  things.forEach((thing, index) => {
    if (isMeasured(thing)) return;
    const last = runs.at(-1);
    if (last && last.to === index - 1) last.to = index;
    else runs.push({ from: index, to: index });
  });
  return runs;
}

const isMeasured = ({ values }: ChartPoint): boolean => values !== null;

/** "6 Sep – 4 Nov", "6 Sep" where both are one. */
export const spanText = (first: string, last: string): string => (first === last ? first : `${first} – ${last}`);

/** "Not measured: 6 Sep – 4 Nov and 2 other days."; empty where everything was. `one` is what a point is: "day". */
export function gapsSentence(points: readonly ChartPoint[], one: string): string {
  const [longest, ...others] = unmeasuredRuns(points, isMeasured).toSorted((a, b) => b.to - b.from - (a.to - a.from));
  if (!longest) return '';
  if (longest.to - longest.from + 1 === points.length) return 'Nothing was measured.';
  const rest = others.reduce((sum, { from, to }) => sum + to - from + 1, 0);
  const span = spanText(points[longest.from]?.label ?? '', points[longest.to]?.label ?? '');
  return `Not measured: ${span}${rest > 0 ? ` and ${formatPlural(rest, `other ${one}`)}` : ''}.`;
}

/** A chart has at least so many columns, so that one measured day is not as wide as the page. */
const leastColumns = 7;

/** The points that are drawn: without those not measured that lead, where they are more than half of all. */
export function withoutLead(points: readonly ChartPoint[]): readonly ChartPoint[] {
  const lead = points.findIndex(point => isMeasured(point) || typeof point.previous?.amount === 'number');
  return lead * 2 > points.length ? points.slice(Math.min(lead, Math.max(0, points.length - leastColumns))) : points;
}

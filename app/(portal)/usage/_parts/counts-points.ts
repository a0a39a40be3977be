/** Runs by pipeline, key or outcome as a chart takes them, with the sentence that goes with it. Pure. */
import type { ChartPoint, ChartSeries } from '@/app/_ui/chart-types';
import { formatCount, formatDay, formatPlural } from '@/app/_ui/format';
import { statuses } from '@/app/_ui/status';
import { compareSentence, type PeriodSum, rangeWords } from '@/app/(portal)/_charts/compare';
import { runsHref } from '@/app/(portal)/_runs/run-links';
import { runStatusLook } from '@/app/(portal)/_runs/run-status';
import { type DayRange, rangeBefore } from '@/lib/domains/quotas/day-range';
import {
  keyNotRecorded,
  maxNames,
  noKey,
  type RunBreakdown,
  type RunCounts,
} from '@/lib/domains/runs/reads/run-counts';
import { type RunStatus, runStatuses } from '@/lib/domains/runs/tables';
import { utcDay } from '@/lib/platform/clock';

/** Names of keys by their ids. */
export type KeyNames = ReadonlyMap<string, string>;

const isStatus = (name: string): name is RunStatus => runStatuses.some(status => status === name);

/** A pipeline, a key or an outcome as people call it. */
export function nameText(by: RunBreakdown, name: string, keys: KeyNames): string {
  if (by === 'outcome' && isStatus(name)) return statuses[runStatusLook[name]].word;
  if (by !== 'key') return name;
  if (name === noKey) return 'No key (people, schedules)';
  return name === keyNotRecorded ? 'Key not recorded' : (keys.get(name) ?? `key ${name.slice(0, 8)}…`);
}

/** The list of the runs that are counted under a name in these days; none where the list has no such filter. */
export function nameHref(by: RunBreakdown, name: string, days: DayRange, failed = false): string | undefined {
  const asked = { ...days, ...(failed && { status: 'FAILED' as const }) };
  if (by === 'pipeline') return runsHref({ ...asked, pipeline: name });
  if (by === 'key') return name === noKey || name === keyNotRecorded ? undefined : runsHref({ ...asked, key: name });
  return isStatus(name) ? runsHref({ ...asked, status: name }) : undefined;
}

const colors = ['1', '2', '3', '4'] as const;
const outcomeColors: Record<RunStatus, ChartSeries['color']> = {
  COMPLETED: 'ok',
  FAILED: 'bad',
  CANCELLED: 'neutral',
  RUNNING: '1',
  PENDING: '3',
};
const nouns = { outcome: 'outcome', pipeline: 'pipeline', key: 'key' };
const key = (index: number): string => `part${index}`;

/** A series for each of the busiest names and one for all others; each leads to its runs where the parts are days. */
export function countsSeries(counts: RunCounts, days: DayRange, keys: KeyNames): ChartSeries[] {
  const { by, step, series, names, hasOthers } = counts;
  const seriesOf = (name: string, index: number): ChartSeries => ({
    key: key(index),
    label: nameText(by, name, keys),
    color: by === 'outcome' && isStatus(name) ? outcomeColors[name] : (colors[index] ?? 'neutral'),
    href: step === 'day' ? nameHref(by, name, days) : undefined,
  });
  const others = names.slice(series.length);
  const [only] = others;
  // There are five outcomes: the others are the fifth.
  if (by === 'outcome' && only) return [...series, only.name].map(seriesOf);
  const count = `${formatPlural(others.length, nouns[by])}${names.length === maxNames ? ' or more' : ''}`;
  return [
    ...series.map(seriesOf),
    ...(hasOthers ? [{ key: key(series.length), label: `Other (${count})`, color: 'neutral' as const }] : []),
  ];
}

const partLabel = (start: Date, step: RunCounts['step']): string =>
  step === 'day' ? formatDay(start) : `${formatDay(start)}, ${start.toISOString().slice(11, 16)}`;
const sumOf = (runs: readonly number[]): number => runs.reduce((sum, one) => sum + one, 0);

type Beside = {
  /** As many parts of the time before. */
  before: RunCounts | null;
  /** Days that nobody measured: without runs they are no 0. */
  unmeasured: ReadonlySet<string>;
  now: Date;
};

const isKnown = ({ start, runs }: RunCounts['parts'][number], unmeasured: ReadonlySet<string>): boolean =>
  sumOf(runs) > 0 || !unmeasured.has(utcDay(start));

/** One point a day or hour; the last is not over where `now` lies in it. */
export const countsPoints = ({ parts, step }: RunCounts, { before, unmeasured, now }: Beside): ChartPoint[] =>
  parts.map((part, index) => {
    const { start, runs } = part;
    const earlier = before?.parts[index];
    const next = parts[index + 1]?.start;
    return {
      label: partLabel(start, step),
      values: isKnown(part, unmeasured) ? Object.fromEntries(runs.map((count, place) => [key(place), count])) : null,
      partial: start <= now && (next ? now < next : utcDay(start) === utcDay(now)),
      previous: earlier && {
        label: partLabel(earlier.start, step),
        amount: isKnown(earlier, unmeasured) ? sumOf(earlier.runs) : null,
      },
    };
  });

/** "the 24 hours before", "2 Oct – 31 Oct 2026". */
export const periodBefore = ({ step }: RunCounts, days: DayRange): string =>
  step === 'hour' ? 'the 24 hours before' : rangeWords(rangeBefore(days));

export function countsSentence(counts: RunCounts, { before, unmeasured }: Omit<Beside, 'now'>, days: DayRange): string {
  const { names, total, by, step } = counts;
  const failed = sumOf(names.map(name => name.failed));
  const of = by === 'outcome' || total === 0 ? '' : ` of ${formatPlural(names.length, nouns[by])}`;
  const told = `${formatPlural(total, 'run')}${of}, ${formatCount(failed)} failed.`;
  if (!before) return told;
  const sumFor = ({ total: sum, parts }: RunCounts): PeriodSum => ({
    sum,
    measured: parts.filter(part => isKnown(part, unmeasured)).length,
    parts: parts.length,
  });
  const compared = compareSentence({
    now: sumFor(counts),
    before: sumFor(before),
    period: periodBefore(counts, days),
    amount: runs => formatPlural(runs, 'run'),
    part: step,
  });
  return `${told} ${compared}`;
}

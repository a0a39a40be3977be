/** Calls of tools by day: how many succeeded, failed, or have no end. */
import { BarChart } from '@/app/_ui/bar-chart';
import { Card } from '@/app/_ui/card';
import type { ChartPoint, ChartSeries } from '@/app/_ui/chart-types';
import { formatCount, formatDate, formatDay, formatPlural } from '@/app/_ui/format';
import { beforeLabel, compareSentence, type PeriodSum, rangeWords } from '@/app/(portal)/_charts/compare';
import { retentionDays } from '@/lib/domains/agent-log/rules';
import type { LogDays } from '@/lib/domains/agent-log/tools/log-days';
import type { ToolDay } from '@/lib/domains/agent-log/tools/tools';
import { addDays } from '@/lib/platform/clock';

const series: readonly ChartSeries[] = [
  { key: 'good', label: 'Succeeded', color: 'ok' },
  { key: 'failed', label: 'Failed', color: 'bad' },
  { key: 'open', label: 'No end', color: 'neutral' },
];

type Days = { days: LogDays; byDay: readonly ToolDay[] };
type Props = Days & {
  /** As many days before, where they are compared. */
  before: Days | null;
  today: string;
};

/** The first day whose events are kept. */
export const firstKept = (today: string): string => addDays(today, -retentionDays);

/** Calls of a day; null where its events are no longer kept. */
const callsOf = ({ day, calls }: ToolDay, today: string): number | null => (day < firstKept(today) ? null : calls);

const pointOf = ({ day, calls, failures, not_ended }: ToolDay, today: string, before?: ToolDay): ChartPoint => ({
  label: formatDay(day),
  values: { good: calls - failures - not_ended, failed: failures, open: not_ended },
  partial: day === today,
  previous: before && { label: formatDay(before.day), amount: callsOf(before, today) },
});

function sumOf(byDay: readonly ToolDay[], today: string): PeriodSum {
  const kept = byDay.flatMap(day => callsOf(day, today) ?? []);
  return { sum: kept.reduce((sum, calls) => sum + calls, 0), measured: kept.length, parts: byDay.length };
}

const againstOf = (byDay: readonly ToolDay[], before: Days, today: string): string =>
  compareSentence({
    now: sumOf(byDay, today),
    before: sumOf(before.byDay, today),
    period: rangeWords(before.days),
    amount: calls => formatPlural(calls, 'call'),
  });

function sentenceOf(byDay: readonly ToolDay[]): string {
  const sum = (amount: (day: ToolDay) => number) => byDay.reduce((all, day) => all + amount(day), 0);
  const calls = sum(day => day.calls);
  if (calls === 0) return 'No calls in these days.';
  return `${formatPlural(calls, 'call')}, ${formatCount(sum(day => day.failures))} failed.`;
}

export function ToolDaysCard({ days, byDay, before, today }: Props) {
  const title = `Calls of tools, ${formatDate(days.from)} to ${formatDate(days.to)} (UTC)`;
  return (
    <Card title={title}>
      <BarChart
        title={title}
        sentence={`${sentenceOf(byDay)} ${before ? againstOf(byDay, before, today) : ''}`.trim()}
        series={series}
        points={byDay.map((day, index) => pointOf(day, today, before?.byDay[index]))}
        pointHead="Day"
        previousLabel={before ? beforeLabel(before.days) : undefined}
      />
    </Card>
  );
}

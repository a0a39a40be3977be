/** Calls of tools by day: how many succeeded, failed, or have no end. */
import { BarChart } from '@/app/_ui/bar-chart';
import { Card } from '@/app/_ui/card';
import type { ChartPoint, ChartSeries } from '@/app/_ui/chart-types';
import { formatCount, formatDate, formatDay, formatPlural } from '@/app/_ui/format';
import type { LogDays } from '@/lib/domains/agent-log/tools/log-days';
import type { ToolDay } from '@/lib/domains/agent-log/tools/tools';

const series: readonly ChartSeries[] = [
  { key: 'good', label: 'Succeeded', color: 'ok' },
  { key: 'failed', label: 'Failed', color: 'bad' },
  { key: 'open', label: 'No end', color: 'neutral' },
];

const pointOf = ({ day, calls, failures, not_ended }: ToolDay, today: string): ChartPoint => ({
  label: formatDay(day),
  values: { good: calls - failures - not_ended, failed: failures, open: not_ended },
  partial: day === today,
});

function sentenceOf(byDay: readonly ToolDay[]): string {
  const sum = (amount: (day: ToolDay) => number) => byDay.reduce((all, day) => all + amount(day), 0);
  const calls = sum(day => day.calls);
  if (calls === 0) return 'No calls in these days.';
  return `${formatPlural(calls, 'call')}, ${formatCount(sum(day => day.failures))} failed.`;
}

type Props = { days: LogDays; byDay: readonly ToolDay[]; today: string };

export function ToolDaysCard({ days, byDay, today }: Props) {
  const title = `Calls of tools, ${formatDate(days.from)} to ${formatDate(days.to)} (UTC)`;
  return (
    <Card title={title}>
      <BarChart
        title={title}
        sentence={sentenceOf(byDay)}
        series={series}
        points={byDay.map(day => pointOf(day, today))}
        pointHead="Day"
      />
    </Card>
  );
}

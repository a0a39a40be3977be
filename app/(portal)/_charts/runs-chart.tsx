/** The chart of runs that took quota by UTC day, beside the limit and what was refused, or what stands in its place. */
import { BarChart } from '@/app/_ui/bar-chart';
import { Card } from '@/app/_ui/card';
import { ErrorState } from '@/app/_ui/states';
import {
  againstBefore,
  chartPoints,
  chartSentence,
  chartSeries,
  limitLabel,
} from '@/app/(portal)/_charts/chart-points';
import { beforeLabel } from '@/app/(portal)/_charts/compare';
import type { History } from '@/lib/domains/quotas/history';
import type { CardData } from '@/lib/edge/portal/page-card';

type Props = {
  history: CardData<History>;
  /** "last 30 days", "6 Sep – 4 Nov 2026". */
  period: string;
  retryHref: string;
};

export function RunsChart({ history, period, retryHref }: Props) {
  const title = `Runs, ${period} (UTC)`;
  if (!history.ok)
    return (
      <ErrorState title="Could not load the runs by day." retryHref={retryHref}>
        {history.reason}
      </ErrorState>
    );
  const { days, before } = history.data;
  const [first, last] = [before?.[0], before?.at(-1)];
  return (
    <Card title={title}>
      <BarChart
        title={title}
        sentence={`${chartSentence(days, true)} ${againstBefore(days, before)}`.trim()}
        series={chartSeries(days, true)}
        points={chartPoints(days, { before, withRefused: true })}
        pointHead="Date"
        limitLabel={limitLabel(days)}
        previousLabel={first && last && beforeLabel({ from: first.day, to: last.day })}
      />
      <p className="max-w-prose text-meta text-muted">
        Counted is what took quota. Observed runs take none; the list of runs and the breakdowns have them too.
      </p>
    </Card>
  );
}

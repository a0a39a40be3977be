/** The chart of runs by UTC day, or what stands in its place. */
import { BarChart } from '@/app/_ui/bar-chart';
import { Card } from '@/app/_ui/card';
import { ErrorState } from '@/app/_ui/states';
import { chartPoints, chartSentence, chartSeries, limitLabel } from '@/app/(portal)/_charts/chart-points';
import type { History } from '@/lib/domains/quotas/history';
import type { CardData } from '@/lib/edge/portal/page-card';

type Props = { history: CardData<History>; length: number; withRefused: boolean; retryHref: string };

export function RunsChart({ history, length, withRefused, retryHref }: Props) {
  const title = `Runs, last ${length} days (UTC)`;
  if (!history.ok)
    return (
      <ErrorState title="Could not load the runs by day." retryHref={retryHref}>
        {history.reason}
      </ErrorState>
    );
  const { days } = history.data;
  return (
    <Card title={title}>
      <BarChart
        title={title}
        sentence={chartSentence(days, withRefused)}
        series={chartSeries(days, withRefused)}
        points={chartPoints(days)}
        pointHead="Date"
        limitLabel={limitLabel(days)}
      />
    </Card>
  );
}

/** The chart of all runs by UTC day, those that took quota and observed ones, or what stands in its place. */
import { BarChart } from '@/app/_ui/bar-chart';
import { Card } from '@/app/_ui/card';
import { ErrorState } from '@/app/_ui/states';
import { allRunsChart } from '@/app/(portal)/_overview/all-runs';
import type { RunDays } from '@/app/(portal)/_overview/read-overview';
import type { CardData } from '@/lib/edge/portal/page-card';

type Props = {
  history: CardData<RunDays>;
  /** "last 30 days". */
  period: string;
};

export function AllRunsChart({ history, period }: Props) {
  const title = `Runs, ${period} (UTC)`;
  if (!history.ok)
    return (
      <ErrorState title="Could not load the runs by day." retryHref="/">
        {history.reason}
      </ErrorState>
    );
  return (
    <Card title={title}>
      <BarChart title={title} pointHead="Date" {...allRunsChart(history.data.days, history.data.observed)} />
    </Card>
  );
}

/** The chart of AI usage by day: cost, tokens or requests, as the address says. */
import { BarChart } from '@/app/_ui/bar-chart';
import { Card } from '@/app/_ui/card';
import { hrefWith, type ListParams } from '@/app/_ui/list-params';
import { Tabs } from '@/app/_ui/tabs';
import { beforeLabel } from '@/app/(portal)/_charts/compare';
import { daysWords } from '@/app/(portal)/traces/_parts/cost-words';
import {
  amountLabels,
  type ShownAmount,
  shownAmounts,
  usageAgainst,
  usagePoints,
  usageSentence,
  usageSeries,
} from '@/app/(portal)/traces/_parts/usage-chart';
import type { Usage } from '@/lib/domains/traces/usage/usage';

type Props = {
  usage: Usage;
  /** Of as many days before, where they are compared. */
  before: Usage | null;
  params: ListParams;
  shown: ShownAmount;
  today: string;
};

export function UsageChart({ usage, before, params, shown, today }: Props) {
  const title = `${amountLabels[shown]}, ${daysWords(usage.days)} (UTC)`;
  return (
    <Card title={title}>
      <div>
        <Tabs
          label="Amount"
          items={shownAmounts.map(amount => ({
            href: hrefWith('/traces', params, { show: amount === 'cost' ? undefined : amount }),
            label: amountLabels[amount],
            current: amount === shown,
          }))}
        />
        <BarChart
          title={title}
          sentence={`${usageSentence(usage, shown)} ${usageAgainst(usage, before, shown)}`.trim()}
          series={usageSeries(usage)}
          points={usagePoints(usage, { shown, today, before })}
          previousLabel={before ? beforeLabel(before.days) : undefined}
          pointHead="Day"
          unit={shown === 'cost' ? 'usd' : 'count'}
        />
      </div>
    </Card>
  );
}

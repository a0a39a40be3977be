/** Usage & quotas: what is used now, right to the second, and each day of the period beside its limit. */
import { LinkButton } from '@/app/_ui/button';
import { formatClock } from '@/app/_ui/format';
import { PageHeader } from '@/app/_ui/page-header';
import { EmptyState } from '@/app/_ui/states';
import { Tabs } from '@/app/_ui/tabs';
import { FreshnessNote } from '@/app/(portal)/_charts/freshness-note';
import { RunsChart } from '@/app/(portal)/_charts/runs-chart';
import { PortalPage } from '@/app/(portal)/_shell/portal-page';
import { pageTitle, visitorQuota } from '@/app/(portal)/_shell/visitor';
import { HistoryTable } from '@/app/(portal)/usage/_parts/history-table';
import { Meters } from '@/app/(portal)/usage/_parts/meters';
import { eventUse } from '@/lib/domains/events/volume/event-use';
import { providerUse } from '@/lib/domains/providers/queries';
import { type HistoryLength, historyLengths, readHistory } from '@/lib/domains/quotas/history';
import { readSeats } from '@/lib/domains/team/seats';
import { requireMember } from '@/lib/edge/portal/page';
import { cardData } from '@/lib/edge/portal/page-card';
import { requireCustomer } from '@/lib/kernel/ctx';

export const generateMetadata = () => pageTitle('Usage');

/** The period the address names; anything else is 30 days. */
const lengthOf = (days: string | string[] | undefined): HistoryLength =>
  historyLengths.find(length => String(length) === days) ?? 30;

type Search = Promise<{ days?: string | string[] }>;

export default async function UsagePage({ searchParams }: { searchParams: Search }) {
  const visitor = await requireMember();
  const length = lengthOf((await searchParams).days);
  const here = `/usage?days=${length}`;
  const quota = await visitorQuota(visitor);
  const [history, seats, providers, events] = await Promise.all([
    cardData(visitor.ctx.requestId, readHistory(visitor.ctx, quota, length)),
    readSeats(requireCustomer(visitor.ctx)),
    providerUse(visitor.ctx),
    eventUse(requireCustomer(visitor.ctx)),
  ]);
  const unused =
    quota.runsMonth === 0 &&
    history.ok &&
    history.data.days.every(({ use }) => (use?.runs ?? 0) + (use?.refused ?? 0) === 0);
  const refresh = (
    <span className="flex items-center gap-3 text-table text-muted">
      As of {formatClock(quota.asOf)}
      <LinkButton href={here} icon="rotate-cw">
        Refresh
      </LinkButton>
    </span>
  );
  return (
    <PortalPage visitor={visitor} current="usage">
      <PageHeader
        title="Usage & quotas"
        sentence="Runs and events against the limits of the plan. Days are UTC."
        actions={refresh}
      />
      <div className="flex flex-col gap-4">
        <FreshnessNote cards={[history]} />
        <Meters quota={quota} seats={seats} providers={providers} events={events} />
        <Tabs
          label="Period"
          items={historyLengths.map(days => ({
            href: `/usage?days=${days}`,
            label: `${days} days`,
            current: days === length,
          }))}
        />
        {unused ? (
          <EmptyState icon="gauge" title="No usage yet.">
            Days appear here after the first pipeline starts.
          </EmptyState>
        ) : (
          <>
            <RunsChart history={history} length={length} withRefused retryHref={here} />
            {history.ok && <HistoryTable days={history.data.days} length={length} />}
          </>
        )}
      </div>
    </PortalPage>
  );
}

/** Usage & quotas: what is used now, right to the second, and each day of the period beside its limit. */
import { LinkButton } from '@/app/_ui/button';
import { formatClock } from '@/app/_ui/format';
import { hrefWith, listParams } from '@/app/_ui/list-params';
import { PageHeader } from '@/app/_ui/page-header';
import { EmptyState } from '@/app/_ui/states';
import { FreshnessNote } from '@/app/(portal)/_charts/freshness-note';
import { RunsChart } from '@/app/(portal)/_charts/runs-chart';
import { PortalPage } from '@/app/(portal)/_shell/portal-page';
import type { Search } from '@/app/(portal)/_shell/search-filter';
import { pageTitle, visitorQuota } from '@/app/(portal)/_shell/visitor';
import { CountsCard } from '@/app/(portal)/usage/_parts/counts-card';
import { HistoryTable } from '@/app/(portal)/usage/_parts/history-table';
import { Meters } from '@/app/(portal)/usage/_parts/meters';
import { readCounts } from '@/app/(portal)/usage/_parts/read-counts';
import { UsageFilters } from '@/app/(portal)/usage/_parts/usage-filters';
import { usageView } from '@/app/(portal)/usage/_parts/usage-view';
import { eventUse } from '@/lib/domains/events/volume/event-use';
import { providerUse } from '@/lib/domains/providers/queries';
import { readHistory } from '@/lib/domains/quotas/history';
import { readSeats } from '@/lib/domains/team/seats';
import { requireMember } from '@/lib/edge/portal/page';
import { cardData } from '@/lib/edge/portal/page-card';
import { requireCustomer } from '@/lib/kernel/ctx';

export const generateMetadata = () => pageTitle('Usage');

export default async function UsagePage({ searchParams }: { searchParams: Search }) {
  const visitor = await requireMember();
  const { ctx } = visitor;
  const quota = await visitorQuota(visitor);
  const view = usageView(listParams(await searchParams), quota.asOf);
  const here = hrefWith('/usage', view.params, {});
  const isByQuota = view.by === 'outcome' && view.step === 'day';
  const [history, counts, seats, providers, events] = await Promise.all([
    cardData(ctx.requestId, readHistory(ctx, quota, view.range, { withBefore: view.isCompared })),
    isByQuota ? null : cardData(ctx.requestId, readCounts(ctx, view)),
    readSeats(requireCustomer(ctx)),
    providerUse(ctx),
    eventUse(requireCustomer(ctx)),
  ]);
  const isUnused =
    quota.runsMonth === 0 &&
    history.ok &&
    [...history.data.days, ...(history.data.before ?? [])].every(
      ({ use }) => (use?.runs ?? 0) + (use?.refused ?? 0) === 0,
    );
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
        <FreshnessNote cards={counts ? [history, counts] : [history]} />
        <Meters quota={quota} seats={seats} providers={providers} events={events} />
        <UsageFilters view={view} />
        <div id="usage-by-day" className="flex flex-col gap-4">
          {isUnused ? (
            <EmptyState icon="gauge" title="No usage in these days.">
              Days appear here after the first run that takes quota; observed runs take none.
            </EmptyState>
          ) : (
            <>
              {counts ? (
                <CountsCard
                  read={counts}
                  view={view}
                  days={history.ok ? [...(history.data.before ?? []), ...history.data.days] : []}
                  now={quota.asOf}
                  retryHref={here}
                />
              ) : (
                <RunsChart history={history} period={view.period} retryHref={here} />
              )}
              {history.ok && <HistoryTable days={history.data.days} range={view.range} period={view.period} />}
            </>
          )}
        </div>
      </div>
    </PortalPage>
  );
}

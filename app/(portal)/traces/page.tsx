/** AI usage: what requests to AI models cost and used, by day and by model, developer or repository. */
import { z } from 'zod';
import { FilterBar } from '@/app/_ui/filter-bar';
import { hrefWith } from '@/app/_ui/list-params';
import { Notice } from '@/app/_ui/notice';
import { PageHeader } from '@/app/_ui/page-header';
import { ErrorState } from '@/app/_ui/states';
import { compareField } from '@/app/(portal)/_charts/compare';
import { FreshnessNote } from '@/app/(portal)/_charts/freshness-note';
import { PortalPage } from '@/app/(portal)/_shell/portal-page';
import { type Search, searchFilter } from '@/app/(portal)/_shell/search-filter';
import { pageTitle } from '@/app/(portal)/_shell/visitor';
import { BreakdownCard } from '@/app/(portal)/traces/_parts/breakdown-card';
import { bookPriceSays, documentPriceSays } from '@/app/(portal)/traces/_parts/cost-words';
import { DaysCard } from '@/app/(portal)/traces/_parts/days-card';
import { HowToSend } from '@/app/(portal)/traces/_parts/how-to-send';
import { NoMatch } from '@/app/(portal)/traces/_parts/no-match';
import { TracesTabs } from '@/app/(portal)/traces/_parts/traces-tabs';
import { shownAmounts } from '@/app/(portal)/traces/_parts/usage-chart';
import { UsageChart } from '@/app/(portal)/traces/_parts/usage-charts';
import { dayFields, nameFields } from '@/app/(portal)/traces/_parts/usage-fields';
import { UsageFigures } from '@/app/(portal)/traces/_parts/usage-figures';
import { rangeBefore, readDayRange } from '@/lib/domains/quotas/day-range';
import { hasImports } from '@/lib/domains/traces/imports/imports';
import { breakdowns, listUsageNames, readUsage, usageInput } from '@/lib/domains/traces/usage/usage';
import { maxUsageDays, usageDays } from '@/lib/domains/traces/usage/usage-filter';
import { requireMember } from '@/lib/edge/portal/page';
import { cardData } from '@/lib/edge/portal/page-card';
import { requireCustomer } from '@/lib/kernel/ctx';
import { utcDay } from '@/lib/platform/clock';

export const generateMetadata = () => pageTitle('AI usage');

const path = '/traces';
const pageInput = usageInput.extend({
  show: z.enum(shownAmounts).default('cost'),
  compare: z.literal('before').optional(),
});

export default async function AiUsagePage({ searchParams }: { searchParams: Search }) {
  const visitor = await requireMember();
  const ctx = requireCustomer(visitor.ctx);
  const { params, filter, unknown } = await searchFilter(pageInput, searchParams);
  const { show, compare, days = 30, from, to, ...names } = filter;
  const today = utcDay(ctx.clock());
  const { range, problem } = readDayRange(today, { days, from, to }, maxUsageDays);
  const asked = { ...names, ...(range ?? usageDays(ctx, {})) };
  // What leads on from here: the days as they are shown, and no choice that only the chart has.
  const shown = { ...params, compare: undefined, ...(problem && { days: undefined, from: undefined, to: undefined }) };
  const [read, before, offered, imported] = await Promise.all([
    cardData(ctx.requestId, readUsage(ctx, asked)),
    compare ? cardData(ctx.requestId, readUsage(ctx, { ...asked, ...rangeBefore(asked) })) : null,
    cardData(ctx.requestId, listUsageNames(ctx, { from: asked.from, to: asked.to })),
    hasImports(ctx),
  ]);
  const isFiltered = Object.values(params).some(Boolean);
  const isEmpty = read.ok && read.data.total.requests === 0;
  return (
    <PortalPage visitor={visitor} current="traces">
      <PageHeader
        title="AI usage"
        sentence="What requests to AI models cost, by day and by model, developer and repository. Days are UTC."
      />
      <TracesTabs current="usage" />
      {isEmpty && !isFiltered && !imported ? (
        <HowToSend visitor={visitor} />
      ) : (
        <div className="flex flex-col gap-4">
          {unknown && <Notice tone="warn">A filter in the address is not known. These are the last 30 days.</Notice>}
          {problem && <Notice tone="warn">{problem} These are the last 30 days.</Notice>}
          <FilterBar
            path={path}
            params={params}
            fields={[
              ...nameFields(breakdowns, offered.ok ? offered.data.rows : [], params),
              ...dayFields,
              compareField,
            ]}
            keep={['by', 'show']}
          />
          {!read.ok ? (
            <ErrorState
              title="Could not load AI usage."
              retryHref={hrefWith(path, params, {})}
              requestId={ctx.requestId}
            >
              {read.reason}
            </ErrorState>
          ) : isEmpty ? (
            <NoMatch noun="requests" path={path} isFiltered={isFiltered} />
          ) : (
            <>
              <FreshnessNote cards={before ? [read, before] : [read]} />
              <UsageFigures usage={read.data} params={shown} />
              <UsageChart
                usage={read.data}
                before={before?.ok ? before.data : null}
                params={{ ...shown, compare }}
                shown={show}
                today={today}
              />
              <BreakdownCard usage={read.data} params={shown} />
              <DaysCard usage={read.data} params={shown} today={today} />
              <p className="max-w-prose text-table text-muted">
                {bookPriceSays} {documentPriceSays}
              </p>
            </>
          )}
        </div>
      )}
    </PortalPage>
  );
}

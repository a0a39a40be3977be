/** Agent log → Tools: which tools agents call, how fast they are and how often they fail. */
import { z } from 'zod';
import { FilterBar } from '@/app/_ui/filter-bar';
import { formatDate } from '@/app/_ui/format';
import { CsvLink } from '@/app/_ui/link';
import { hrefWith } from '@/app/_ui/list-params';
import { Notice } from '@/app/_ui/notice';
import { PageHeader } from '@/app/_ui/page-header';
import { compareField } from '@/app/(portal)/_charts/compare';
import { FreshnessNote } from '@/app/(portal)/_charts/freshness-note';
import { ListError } from '@/app/(portal)/_shell/list-error';
import { PortalPage } from '@/app/(portal)/_shell/portal-page';
import { type Search, searchFilter } from '@/app/(portal)/_shell/search-filter';
import { pageTitle, timeMode } from '@/app/(portal)/_shell/visitor';
import { AgentLogTabs } from '@/app/(portal)/agent-log/_parts/agent-log-tabs';
import { HowToSend } from '@/app/(portal)/agent-log/_parts/how-to-send';
import { dayFields } from '@/app/(portal)/agent-log/_parts/log-fields';
import { keptSays } from '@/app/(portal)/agent-log/_parts/log-words';
import { NoMatch } from '@/app/(portal)/agent-log/_parts/no-match';
import { firstKept, ToolDaysCard } from '@/app/(portal)/agent-log/_parts/tool-days';
import { ToolTable } from '@/app/(portal)/agent-log/_parts/tool-table';
import { UnendedCard } from '@/app/(portal)/agent-log/_parts/unended-card';
import { retentionDays } from '@/lib/domains/agent-log/rules';
import { hasAgentEvents } from '@/lib/domains/agent-log/sessions/has-events';
import { logDays } from '@/lib/domains/agent-log/tools/log-days';
import { listRunningTools } from '@/lib/domains/agent-log/tools/running-tools';
import { listToolDays, listTools, listToolsInput } from '@/lib/domains/agent-log/tools/tools';
import { rangeBefore, readDayRange } from '@/lib/domains/quotas/day-range';
import { requireMember } from '@/lib/edge/portal/page';
import { cardData } from '@/lib/edge/portal/page-card';
import { requireCustomer } from '@/lib/kernel/ctx';
import { utcDay } from '@/lib/platform/clock';

export const generateMetadata = () => pageTitle('Agent log');

const path = '/agent-log';
const pageInput = listToolsInput.extend({ compare: z.literal('before').optional() });

export default async function ToolsPage({ searchParams }: { searchParams: Search }) {
  const visitor = await requireMember();
  const ctx = requireCustomer(visitor.ctx);
  const { params, filter, unknown } = await searchFilter(pageInput, searchParams);
  const { sort, dir, compare, days = 30, from, to } = filter;
  const today = utcDay(ctx.clock());
  const { range, problem } = readDayRange(today, { days, from, to }, retentionDays + 1);
  const asked = range ?? { days: 30 as const };
  // The file has the days as they are shown.
  const ofFile = { ...params, compare: undefined, ...(problem && { days: undefined, from: undefined, to: undefined }) };
  const [read, daily, before, open, hasEvents] = await Promise.all([
    cardData(ctx.requestId, listTools(ctx, { ...asked, sort, dir })),
    cardData(ctx.requestId, listToolDays(ctx, asked)),
    compare ? cardData(ctx.requestId, listToolDays(ctx, rangeBefore(logDays(ctx, asked)))) : null,
    cardData(ctx.requestId, listRunningTools(ctx, asked)),
    hasAgentEvents(ctx),
  ]);
  const look = { now: ctx.clock(), mode: timeMode(visitor) };
  return (
    <PortalPage visitor={visitor} current="agents">
      <PageHeader
        title="Agent log"
        sentence="Tools that agents call: how often, how fast, and how often they fail. Days are UTC."
        actions={<CsvLink href={hrefWith('/api/agent-log/tools', { ...ofFile, format: 'csv' }, {})} />}
      />
      <AgentLogTabs current="tools" />
      {hasEvents ? (
        <div className="flex flex-col gap-4">
          {unknown && <Notice tone="warn">A filter in the address is not known. These are the last 30 days.</Notice>}
          {problem && <Notice tone="warn">{problem} These are the last 30 days.</Notice>}
          {range && range.from < firstKept(today) && (
            <Notice tone="info">Nothing before {formatDate(firstKept(today))} is kept any more.</Notice>
          )}
          <FilterBar path={path} params={params} fields={[...dayFields, compareField]} />
          {read.ok ? (
            <>
              <FreshnessNote cards={[read]} />
              {daily.ok && read.data.tools.length > 0 && (
                <ToolDaysCard {...daily.data} before={before?.ok ? before.data : null} today={today} />
              )}
              <ToolTable
                tools={read.data.tools}
                params={params}
                {...look}
                empty={<NoMatch noun="calls of tools" path={path} isFiltered={Object.values(params).some(Boolean)} />}
              />
              {open.ok && <UnendedCard read={open.data} {...look} />}
            </>
          ) : (
            <ListError noun="tools" path={path} params={params} requestId={ctx.requestId} reason={read.reason} />
          )}
          <p className="max-w-prose text-table text-muted">{keptSays}</p>
        </div>
      ) : (
        <HowToSend visitor={visitor} />
      )}
    </PortalPage>
  );
}

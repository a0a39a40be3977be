/** Agent log → Tools: which tools agents call, how fast they are and how often they fail. */
import { FilterBar } from '@/app/_ui/filter-bar';
import { CsvLink } from '@/app/_ui/link';
import { hrefWith } from '@/app/_ui/list-params';
import { Notice } from '@/app/_ui/notice';
import { PageHeader } from '@/app/_ui/page-header';
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
import { ToolDaysCard } from '@/app/(portal)/agent-log/_parts/tool-days';
import { ToolTable } from '@/app/(portal)/agent-log/_parts/tool-table';
import { UnendedCard } from '@/app/(portal)/agent-log/_parts/unended-card';
import { hasAgentEvents } from '@/lib/domains/agent-log/sessions/has-events';
import { listRunningTools } from '@/lib/domains/agent-log/tools/running-tools';
import { listToolDays, listTools, listToolsInput } from '@/lib/domains/agent-log/tools/tools';
import { requireMember } from '@/lib/edge/portal/page';
import { cardData } from '@/lib/edge/portal/page-card';
import { requireCustomer } from '@/lib/kernel/ctx';
import { utcDay } from '@/lib/platform/clock';

export const generateMetadata = () => pageTitle('Agent log');

const path = '/agent-log';

export default async function ToolsPage({ searchParams }: { searchParams: Search }) {
  const visitor = await requireMember();
  const ctx = requireCustomer(visitor.ctx);
  const { params, filter, unknown } = await searchFilter(listToolsInput, searchParams);
  const [read, daily, open, hasEvents] = await Promise.all([
    cardData(ctx.requestId, listTools(ctx, filter)),
    cardData(ctx.requestId, listToolDays(ctx, filter)),
    cardData(ctx.requestId, listRunningTools(ctx, filter)),
    hasAgentEvents(ctx),
  ]);
  const look = { now: ctx.clock(), mode: timeMode(visitor) };
  return (
    <PortalPage visitor={visitor} current="agents">
      <PageHeader
        title="Agent log"
        sentence="Tools that agents call: how often, how fast, and how often they fail. Days are UTC."
        actions={<CsvLink href={hrefWith('/api/agent-log/tools', { ...params, format: 'csv' }, {})} />}
      />
      <AgentLogTabs current="tools" />
      {hasEvents ? (
        <div className="flex flex-col gap-4">
          {unknown && <Notice tone="warn">A filter in the address is not known. These are the last 30 days.</Notice>}
          <FilterBar path={path} params={params} fields={dayFields} />
          {read.ok ? (
            <>
              <FreshnessNote cards={[read]} />
              {daily.ok && read.data.tools.length > 0 && (
                <ToolDaysCard days={daily.data.days} byDay={daily.data.byDay} today={utcDay(ctx.clock())} />
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

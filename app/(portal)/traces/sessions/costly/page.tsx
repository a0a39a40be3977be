/** AI usage → Sessions → High cost: the 20 requests that cost most, of those beyond a cent. */
import { type Column, DataTable } from '@/app/_ui/data-table';
import { FilterBar } from '@/app/_ui/filter-bar';
import { formatCount, formatDollars, formatUsd } from '@/app/_ui/format';
import { CsvLink, Link } from '@/app/_ui/link';
import { hrefWith } from '@/app/_ui/list-params';
import { Notice } from '@/app/_ui/notice';
import { PageHeader } from '@/app/_ui/page-header';
import { Time } from '@/app/_ui/time';
import { FreshnessNote } from '@/app/(portal)/_charts/freshness-note';
import { ListError } from '@/app/(portal)/_shell/list-error';
import { PortalPage } from '@/app/(portal)/_shell/portal-page';
import { type Search, searchFilter } from '@/app/(portal)/_shell/search-filter';
import { pageTitle, timeMode } from '@/app/(portal)/_shell/visitor';
import { documentPriceSays, nameWords } from '@/app/(portal)/traces/_parts/cost-words';
import { KeptSince, onlySums } from '@/app/(portal)/traces/_parts/kept-since';
import { NoMatch } from '@/app/(portal)/traces/_parts/no-match';
import { sessionHref, sessionWords } from '@/app/(portal)/traces/_parts/session-links';
import { SessionLists } from '@/app/(portal)/traces/_parts/session-lists';
import { TracesTabs } from '@/app/(portal)/traces/_parts/traces-tabs';
import { dayFields } from '@/app/(portal)/traces/_parts/usage-fields';
import { highCostUsd } from '@/lib/domains/traces/rules';
import { type CostlyRequest, costlyInput, listCostly } from '@/lib/domains/traces/sessions/document-lists';
import { usageDays } from '@/lib/domains/traces/usage/usage-filter';
import { requireMember } from '@/lib/edge/portal/page';
import { cardData } from '@/lib/edge/portal/page-card';

export const generateMetadata = () => pageTitle('High-cost AI sessions');

const path = '/traces/sessions/costly';
const highCost = formatUsd(highCostUsd * 100);

const columns = (now: Date, mode: 'relative' | 'absolute'): Column<CostlyRequest>[] => [
  {
    id: 'session',
    head: 'Session',
    priority: 'name',
    cell: ({ session_id, trace_hash, timestamp }) => (
      <Link className="link block max-w-64 truncate" href={sessionHref(session_id ?? trace_hash, timestamp)}>
        <span title={session_id ?? trace_hash}>{sessionWords(session_id, trace_hash)}</span>
      </Link>
    ),
  },
  {
    id: 'cost',
    head: 'Document price',
    align: 'end',
    priority: 'second',
    cell: ({ cost_usd }) => formatDollars(cost_usd),
  },
  {
    id: 'developer',
    head: 'Developer',
    cell: ({ developer_id }) => <span className="wrap-anywhere">{nameWords('developer', developer_id)}</span>,
  },
  {
    id: 'model',
    head: 'Model',
    cell: ({ model }) => <span className="wrap-anywhere">{nameWords('model', model)}</span>,
  },
  { id: 'tokens', head: 'Tokens', align: 'end', cell: ({ total_tokens }) => formatCount(total_tokens) },
  { id: 'at', head: 'Time', cell: ({ timestamp }) => <Time instant={timestamp} now={now} mode={mode} /> },
];

export default async function CostlyPage({ searchParams }: { searchParams: Search }) {
  const visitor = await requireMember();
  const { ctx } = visitor;
  const { params, filter, unknown } = await searchFilter(costlyInput, searchParams);
  const read = await cardData(ctx.requestId, listCostly(ctx, filter));
  return (
    <PortalPage
      visitor={visitor}
      current="traces"
      crumbs={[{ label: 'Sessions', href: '/traces/sessions' }, { label: 'High cost' }]}
    >
      <PageHeader
        title="High cost"
        sentence={`The 20 requests that cost most, of those beyond ${highCost}. Days are UTC.`}
        actions={<CsvLink href={hrefWith('/api/traces/costly', { ...params, format: 'csv' }, {})} />}
      />
      <TracesTabs current="sessions" />
      <SessionLists current="costly" />
      <div className="flex flex-col gap-4">
        {unknown && <Notice tone="warn">A filter in the address is not known. These are the last 30 days.</Notice>}
        <FilterBar path={path} params={params} fields={dayFields} keep={[]} />
        <KeptSince visitor={visitor} days={usageDays(ctx, filter)}>
          {onlySums}
        </KeptSince>
        {read.ok ? (
          <>
            <FreshnessNote cards={[read]} />
            <DataTable
              caption="Requests of high cost"
              columns={columns(ctx.clock(), timeMode(visitor))}
              rows={read.data.rows}
              rowKey={({ trace_hash }) => trace_hash}
              empty={
                <NoMatch
                  noun={`requests beyond ${highCost}`}
                  path={path}
                  isFiltered={Object.values(params).some(Boolean)}
                />
              }
            />
            <p className="max-w-prose text-table text-muted">{documentPriceSays}</p>
          </>
        ) : (
          <ListError noun="requests" path={path} params={params} requestId={ctx.requestId} reason={read.reason} />
        )}
      </div>
    </PortalPage>
  );
}

/** Query desk → History: one's own queries with what each billed, the latest first. */
import { LinkButton } from '@/app/_ui/button';
import { type Column, DataTable } from '@/app/_ui/data-table';
import { formatCount } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import { Notice } from '@/app/_ui/notice';
import { Pager } from '@/app/_ui/pager';
import { EmptyState } from '@/app/_ui/states';
import { StatusBadge } from '@/app/_ui/status-badge';
import { Time } from '@/app/_ui/time';
import { deniedPage } from '@/app/(portal)/_shell/denied-page';
import { type Search, searchFilter } from '@/app/(portal)/_shell/search-filter';
import { pageTitle, timeMode } from '@/app/(portal)/_shell/visitor';
import { DeskPage, deskRefusal } from '@/app/(portal)/desk/_parts/desk-page';
import {
  billedWords,
  deskHref,
  doorWords,
  firstLine,
  historyHref,
  queryHref,
  statusOf,
} from '@/app/(portal)/desk/_parts/desk-words';
import { listQueries } from '@/lib/domains/desk/history/list-queries';
import { historyInput } from '@/lib/domains/desk/input';
import { historyDays } from '@/lib/domains/desk/rules';
import type { QueryView } from '@/lib/domains/desk/run/query-view';
import { requireMember, visitorMay } from '@/lib/edge/portal/page';
import { requireCustomer } from '@/lib/kernel/ctx';
import { env } from '@/lib/platform/env';

export const generateMetadata = () => pageTitle('Query history');

type Look = { now: Date; mode: 'relative' | 'absolute'; usdPerTib: number };

const columns = ({ now, mode, usdPerTib }: Look): Column<QueryView>[] => [
  {
    id: 'query',
    head: 'Query',
    priority: 'name',
    cell: ({ queryId, sql }) => (
      <Link className="link block max-w-80 truncate font-mono" href={queryHref(queryId)}>
        <span title={firstLine(sql, 400)}>{firstLine(sql)}</span>
      </Link>
    ),
  },
  { id: 'status', head: 'Status', priority: 'second', cell: ({ status }) => <StatusBadge status={statusOf[status]} /> },
  { id: 'asked', head: 'Asked', cell: ({ startedAt }) => <Time instant={startedAt} now={now} mode={mode} /> },
  {
    id: 'tables',
    head: 'Tables',
    cell: ({ tables }) => (
      <span className="block max-w-52 truncate" title={tables.join(', ')}>
        {tables.join(', ') || '–'}
      </span>
    ),
  },
  {
    id: 'billed',
    head: 'Bytes billed',
    align: 'end',
    cell: ({ bytesBilled }) => <span className="whitespace-nowrap">{billedWords(bytesBilled, usdPerTib)}</span>,
  },
  { id: 'rows', head: 'Rows', align: 'end', cell: ({ totalRows }) => formatCount(totalRows) },
  { id: 'via', head: 'Via', cell: ({ askedVia }) => doorWords[askedVia] },
];

export default async function HistoryPage({ searchParams }: { searchParams: Search }) {
  const visitor = await requireMember();
  if (!visitorMay(visitor, 'desk:query')) return deniedPage(visitor, 'desk.run_query', deskRefusal);
  const ctx = requireCustomer(visitor.ctx);
  const { params, filter, unknown } = await searchFilter(historyInput, searchParams);
  const { queries, next } = await listQueries(ctx, filter);
  return (
    <DeskPage
      visitor={visitor}
      current="history"
      crumbs={[{ label: 'History' }]}
      title="Query history"
      sentence={`Your own queries of the last ${historyDays} days, and what each billed.`}
    >
      <div className="flex flex-col gap-4">
        {unknown && <Notice tone="warn">The address is not known. These are your latest queries.</Notice>}
        <DataTable
          caption="Your queries"
          columns={columns({ now: ctx.clock(), mode: timeMode(visitor), usdPerTib: env().BIGQUERY_USD_PER_TIB })}
          rows={queries}
          rowKey={({ queryId }) => queryId}
          empty={
            <EmptyState
              icon="clock"
              title="No queries yet."
              action={<LinkButton href={deskHref}>Ask a query</LinkButton>}
            >
              Each query that you run is listed here with the bytes that it billed.
            </EmptyState>
          }
          footer={
            <Pager path={historyHref} params={params} shown={queries.length} nextCursor={next ?? undefined} sized />
          }
        />
      </div>
    </DeskPage>
  );
}

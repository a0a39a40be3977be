/** One session: its requests to AI models in the order of time, each with what it used and cost. */
import { notFound, redirect } from 'next/navigation';
import { Card } from '@/app/_ui/card';
import { formatDate, formatDollars, formatPlural } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import { hrefWith, listParams } from '@/app/_ui/list-params';
import { PageHeader } from '@/app/_ui/page-header';
import { Pager } from '@/app/_ui/pager';
import { ErrorState } from '@/app/_ui/states';
import { Timeline } from '@/app/_ui/timeline';
import { FreshnessNote } from '@/app/(portal)/_charts/freshness-note';
import { PortalPage } from '@/app/(portal)/_shell/portal-page';
import type { Search } from '@/app/(portal)/_shell/search-filter';
import { pageTitle } from '@/app/(portal)/_shell/visitor';
import { bookCostWords, documentPriceSays } from '@/app/(portal)/traces/_parts/cost-words';
import { cardFromStart } from '@/app/(portal)/traces/_parts/from-start';
import { requestRows } from '@/app/(portal)/traces/_parts/request-rows';
import { sessionWords } from '@/app/(portal)/traces/_parts/session-links';
import {
  listSessionRequests,
  type SessionRequest,
  sessionDays,
  sessionInput,
} from '@/lib/domains/traces/sessions/session-requests';
import { requireMember } from '@/lib/edge/portal/page';
import { utcDay } from '@/lib/platform/clock';

export const generateMetadata = () => pageTitle('AI session');

const path = '/traces/session';

/** "3 requests, 1 failed, 3,600 tokens. Book price: at least $0.02. Document price: $0.03." */
function summary(requests: readonly SessionRequest[]): string {
  const sum = (amount: (request: SessionRequest) => number) => requests.reduce((all, one) => all + amount(one), 0);
  const book = bookCostWords({
    bookCostUsd: sum(({ book_cost_usd }) => book_cost_usd ?? 0),
    requests: requests.length,
    unpriced: sum(({ book_cost_usd }) => (book_cost_usd === null ? 1 : 0)),
  });
  const told = [
    formatPlural(requests.length, 'request'),
    `${sum(({ failed }) => (failed ? 1 : 0))} failed`,
    formatPlural(
      sum(({ tokens_in, tokens_out }) => tokens_in + tokens_out),
      'token',
    ),
  ].join(', ');
  return `${told}. Book price: ${book}. Document price: ${formatDollars(sum(({ cost_usd }) => cost_usd))}.`;
}

export default async function SessionPage({ searchParams }: { searchParams: Search }) {
  const visitor = await requireMember();
  const { ctx } = visitor;
  const { id, day, after } = listParams(await searchParams);
  if (!id) redirect('/traces/sessions');
  const asked = sessionInput.safeParse({ id, day, after });
  if (!asked.success) notFound();
  const read = await cardFromStart(ctx.requestId, asked.data, of => listSessionRequests(ctx, of));
  if (read.ok && read.data.requests.length === 0) notFound();
  const params = { id, day, after };
  const [first] = read.ok ? read.data.requests : [];
  const title = first ? sessionWords(first.session_id, first.trace_hash) : id;
  const last = day ?? utcDay(ctx.clock());
  return (
    <PortalPage
      visitor={visitor}
      current="traces"
      crumbs={[{ label: 'Sessions', href: '/traces/sessions' }, { label: title }]}
    >
      <PageHeader
        title={title}
        sentence={`Requests of this session in the ${sessionDays} days up to ${formatDate(last)} (UTC), in the order of time.`}
      />
      <div className="flex flex-col gap-4">
        {read.ok ? (
          <>
            <FreshnessNote cards={[read]} />
            <Card title="Requests" note={read.data.nextCursor || after ? 'Figures of this page' : undefined}>
              <p className="text-muted">{summary(read.data.requests)}</p>
              <Timeline label="Requests" rows={requestRows(read.data.requests)} />
              {(read.data.nextCursor || after) && (
                <Pager
                  path={path}
                  params={params}
                  shown={read.data.requests.length}
                  nextCursor={read.data.nextCursor ?? undefined}
                />
              )}
            </Card>
            <p className="max-w-prose text-table text-muted">{documentPriceSays}</p>
          </>
        ) : (
          <ErrorState
            title="Could not load the session."
            retryHref={hrefWith(path, params, { after })}
            requestId={ctx.requestId}
          >
            {read.reason}
          </ErrorState>
        )}
        <p>
          <Link className="link" href="/traces/sessions">
            All sessions
          </Link>
        </p>
      </div>
    </PortalPage>
  );
}

/** One pull request: its facts, why AI is thought to belong to it, and its sessions and commits in time. */
import { notFound } from 'next/navigation';
import { Card } from '@/app/_ui/card';
import { formatInstant } from '@/app/_ui/format';
import { hrefWith, listParams } from '@/app/_ui/list-params';
import { PageHeader } from '@/app/_ui/page-header';
import { Pager } from '@/app/_ui/pager';
import { ErrorState } from '@/app/_ui/states';
import { Timeline } from '@/app/_ui/timeline';
import { FreshnessNote } from '@/app/(portal)/_charts/freshness-note';
import { PortalPage } from '@/app/(portal)/_shell/portal-page';
import type { Search } from '@/app/(portal)/_shell/search-filter';
import { pageTitle, timeMode } from '@/app/(portal)/_shell/visitor';
import { EvidenceCard, PullFacts } from '@/app/(portal)/pull-requests/_parts/pull-facts';
import { pullRows } from '@/app/(portal)/pull-requests/_parts/pull-timeline';
import { notCause, pullHref, sessionCount } from '@/app/(portal)/pull-requests/_parts/pull-words';
import { SessionList } from '@/app/(portal)/pull-requests/_parts/session-list';
import { bookCostWords } from '@/app/(portal)/traces/_parts/cost-words';
import { cardFromStart } from '@/app/(portal)/traces/_parts/from-start';
import {
  listPullSessions,
  type PullSession,
  type PullSessions,
  pullSessionsInput,
} from '@/lib/domains/pull-requests/usage/pull-sessions';
import { type PullView, readPullRequest } from '@/lib/domains/pull-requests/usage/read-pull-request';
import { requireMember } from '@/lib/edge/portal/page';
import { type CustomerCtx, requireCustomer } from '@/lib/kernel/ctx';
import { AppError } from '@/lib/platform/errors';

export const generateMetadata = () => pageTitle('Pull request');

type Params = { params: Promise<{ id: string }>; searchParams: Search };

async function pullOrNotFound(ctx: CustomerCtx, id: string): Promise<PullView> {
  try {
    return await readPullRequest(ctx, {}, id);
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') notFound();
    throw error;
  }
}

function InTime({ pull, sessions }: { pull: PullView; sessions: PullSessions }) {
  const { rows, startsAt, totalMs } = pullRows(pull, sessions.sessions);
  if (rows.length === 0) return null;
  return (
    <Card title="Sessions and commits in time" note={`From ${formatInstant(startsAt)}`}>
      <Timeline label="Sessions and commits" rows={rows} totalMs={totalMs} />
    </Card>
  );
}

/** "6 sessions, book price at least $0.13". */
function sessionsWords(sessions: readonly PullSession[]): string {
  if (sessions.length === 0) return sessionCount(0);
  const sum = (amount: (session: PullSession) => number) => sessions.reduce((all, one) => all + amount(one), 0);
  const book = bookCostWords({
    bookCostUsd: sum(({ book_cost_usd }) => book_cost_usd),
    requests: sum(({ requests }) => requests),
    unpriced: sum(({ unpriced }) => unpriced),
  });
  return `${sessionCount(sessions.length)}, ${book === 'no price' ? book : `book price ${book}`}`;
}

export default async function PullRequestPage({ params, searchParams }: Params) {
  const visitor = await requireMember();
  const ctx = requireCustomer(visitor.ctx);
  const { id } = await params;
  const pull = await pullOrNotFound(ctx, id);
  const { after } = listParams(await searchParams);
  const asked = pullSessionsInput.safeParse({ after });
  const read = await cardFromStart(ctx.requestId, asked.success ? asked.data : {}, of => listPullSessions(ctx, id, of));
  const name = `${pull.repo_slug} #${pull.number}`;
  const path = pullHref(pull.id);
  const isPart = read.ok && Boolean(read.data.nextCursor || after);
  const found = read.ok ? `${sessionsWords(read.data.sessions)}${isPart ? ' on this page' : ''}. ` : '';
  return (
    <PortalPage visitor={visitor} current="pulls" crumbs={[{ label: name }]}>
      <PageHeader title={pull.title || name} sentence={`${name}. ${found}${notCause}`} />
      <div className="flex flex-col gap-4">
        {!pull.has_details && <p className="text-muted">Its commits and timeline have not been read yet.</p>}
        {read.ok && <FreshnessNote cards={[read]} />}
        <div className="grid gap-4 lg:grid-cols-2">
          <PullFacts pull={pull} />
          {read.ok && <EvidenceCard pull={pull} sessions={read.data.sessions} />}
        </div>
        {read.ok ? (
          <>
            <Card title="Sessions" note="Figures are of the requests that belong to this pull request">
              <SessionList sessions={read.data.sessions} now={ctx.clock()} mode={timeMode(visitor)} />
              {isPart && (
                <Pager
                  path={path}
                  params={{ after }}
                  shown={read.data.sessions.length}
                  nextCursor={read.data.nextCursor ?? undefined}
                />
              )}
            </Card>
            <InTime pull={pull} sessions={read.data} />
          </>
        ) : (
          <ErrorState
            title="Could not load the sessions."
            retryHref={hrefWith(path, {}, { after })}
            requestId={ctx.requestId}
          >
            {read.reason}
          </ErrorState>
        )}
      </div>
    </PortalPage>
  );
}

/** One session of an agent: its messages and calls of tools in the order of time, failures first. */
import { notFound, redirect } from 'next/navigation';
import { LinkButton } from '@/app/_ui/button';
import { Card } from '@/app/_ui/card';
import { hrefWith, listParams } from '@/app/_ui/list-params';
import { PageHeader } from '@/app/_ui/page-header';
import { Pager } from '@/app/_ui/pager';
import { ErrorState } from '@/app/_ui/states';
import { Timeline } from '@/app/_ui/timeline';
import { FreshnessNote } from '@/app/(portal)/_charts/freshness-note';
import { PortalPage } from '@/app/(portal)/_shell/portal-page';
import type { Search } from '@/app/(portal)/_shell/search-filter';
import { pageTitle } from '@/app/(portal)/_shell/visitor';
import { eventRows, isFailure, shownEvents } from '@/app/(portal)/agent-log/_parts/event-rows';
import { keptSays } from '@/app/(portal)/agent-log/_parts/log-words';
import { FailuresCard, SessionFigures } from '@/app/(portal)/agent-log/_parts/session-cards';
import { cardFromStart } from '@/app/(portal)/traces/_parts/from-start';
import { readSession } from '@/lib/domains/agent-log/sessions/list-sessions';
import { daysOfSession, listSessionEvents, sessionInput } from '@/lib/domains/agent-log/sessions/session-events';
import { requireMember } from '@/lib/edge/portal/page';
import { cardData } from '@/lib/edge/portal/page-card';

export const generateMetadata = () => pageTitle('Agent session');

const path = '/agent-log/session';

export default async function SessionPage({ searchParams }: { searchParams: Search }) {
  const visitor = await requireMember();
  const { ctx } = visitor;
  const { id, day, content, after } = listParams(await searchParams);
  if (!id) redirect('/agent-log/sessions');
  const asked = sessionInput.safeParse({ id, day, content, after });
  if (!asked.success) notFound();
  const [read, session] = await Promise.all([
    cardFromStart(ctx.requestId, asked.data, of => listSessionEvents(ctx, of)),
    cardData(ctx.requestId, readSession(ctx, id, daysOfSession(ctx, asked.data.day))),
  ]);
  if (read.ok && read.data.events.length === 0) notFound();
  const params = { id, day, content, after };
  const shown = read.ok ? shownEvents(read.data.events) : [];
  const isPaged = read.ok && Boolean(read.data.nextCursor || after);
  return (
    <PortalPage
      visitor={visitor}
      current="agents"
      crumbs={[{ label: 'Sessions', href: '/agent-log/sessions' }, { label: id }]}
    >
      <PageHeader
        title={id}
        sentence="What the agent said, ran and failed at in this session, in the order of time."
        actions={
          <>
            <a
              className="btn btn-plain"
              href={`/api/agent-log/proof?${new URLSearchParams({ session_id: id })}`}
              download
            >
              Export with proof
            </a>
            <LinkButton href={hrefWith(path, params, { content: content ? undefined : '1' })}>
              {content ? 'Hide content' : 'Show content'}
            </LinkButton>
          </>
        }
      />
      <div className="flex flex-col gap-4">
        {read.ok ? (
          <>
            <FreshnessNote cards={[read]} />
            {session.ok && session.data && <SessionFigures session={session.data} />}
            <FailuresCard failures={shown.filter(isFailure)} />
            <Card title="Events" note={content ? undefined : 'What was said is hidden'}>
              <Timeline label="Events" rows={eventRows(shown, ctx.clock())} />
              {isPaged && (
                <Pager
                  path={path}
                  params={params}
                  shown={read.data.events.length}
                  nextCursor={read.data.nextCursor ?? undefined}
                />
              )}
            </Card>
            <p className="max-w-prose text-table text-muted">{keptSays}</p>
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
      </div>
    </PortalPage>
  );
}

/** What of one source is not in BigQuery: values that no column took, and rows that BigQuery refused. */
import { listParams } from '@/app/_ui/list-params';
import { Notice } from '@/app/_ui/notice';
import { pageTitle, timeMode } from '@/app/(portal)/_shell/visitor';
import { fromStart } from '@/app/(portal)/sources/_parts/from-start';
import { type SourcePageProps, SourceTabPage, sourceOr404 } from '@/app/(portal)/sources/_parts/source-page';
import { DeadRows } from '@/app/(portal)/sources/[id]/discards/_parts/dead-rows';
import { DiscardTable } from '@/app/(portal)/sources/[id]/discards/_parts/discard-table';
import { listDeadRows } from '@/lib/domains/events/discards/list-dead-rows';
import { listDiscards } from '@/lib/domains/events/discards/list-discards';
import { landing } from '@/lib/edge/portal/landing';
import { requireMember, visitorMay } from '@/lib/edge/portal/page';
import { requireCustomer } from '@/lib/kernel/ctx';
import { env } from '@/lib/platform/env';

export const generateMetadata = () => pageTitle('Discards');

const done: Record<string, string> = {
  rows: 'The rows are in line to be loaded again.',
  allowed: 'The column is made with the next events that have it. What was discarded can be replayed.',
  replayed: 'The values are in their rows.',
  partly: 'There was no time for all values. Replay again for the rest.',
};

type Props = SourcePageProps & { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function DiscardsPage({ params, searchParams }: Props) {
  const visitor = await requireMember();
  const ctx = requireCustomer(visitor.ctx);
  const source = await sourceOr404(visitor, (await params).id);
  const asked = listParams(await searchParams);
  const id = source.source_id;
  const [discards, rows] = await Promise.all([
    fromStart(asked.after, after => listDiscards(ctx, { after }, id)),
    fromStart(asked.rows, after => listDeadRows(ctx, { after }, id)),
  ]);
  const said = done[(await landing()).done ?? ''];
  const about = {
    sourceId: id,
    customerId: visitor.membership.customerId,
    now: ctx.clock(),
    mayWrite: visitorMay(visitor, 'events:write'),
  };
  return (
    <SourceTabPage visitor={visitor} source={source} tab="discards">
      {said && (
        <Notice tone="ok" closable>
          {said}
        </Notice>
      )}
      <p className="max-w-prose text-muted">
        A value that its column cannot take is left out and its row is loaded without it. Values are kept{' '}
        {env().EVENT_RECEIPT_DAYS} days for a replay.
      </p>
      <DiscardTable
        page={discards}
        params={{ after: asked.after }}
        hasEvents={source.first_event_at !== null}
        timeMode={timeMode(visitor)}
        {...about}
      />
      <DeadRows page={rows} cursor={asked.rows} {...about} />
    </SourceTabPage>
  );
}

/** Event sources: what sends events, into which dataset, and whether anything comes. */
import { LinkButton } from '@/app/_ui/button';
import { Notice } from '@/app/_ui/notice';
import { PageHeader } from '@/app/_ui/page-header';
import { pageTitle, timeMode } from '@/app/(portal)/_shell/visitor';
import { EventMeter } from '@/app/(portal)/sources/_parts/event-meter';
import { SourceFrame } from '@/app/(portal)/sources/_parts/source-page';
import { SourceTable } from '@/app/(portal)/sources/_parts/source-table';
import { maxSources } from '@/lib/domains/events/rules';
import { listSources } from '@/lib/domains/events/sources/reads';
import type { SourceView } from '@/lib/domains/events/view';
import { dailyTotals } from '@/lib/domains/events/volume/daily-totals';
import { eventUse } from '@/lib/domains/events/volume/event-use';
import { readAdmins } from '@/lib/domains/team/membership';
import { landing } from '@/lib/edge/portal/landing';
import { requireMember, visitorMay } from '@/lib/edge/portal/page';
import { requireCustomer } from '@/lib/kernel/ctx';

export const generateMetadata = () => pageTitle('Event sources');

/** Those that sent something last stand first, then those without an event by name. */
const lastEvent = ({ last_event_at }: SourceView): number => last_event_at?.getTime() ?? 0;

export default async function SourcesPage() {
  const visitor = await requireMember();
  const ctx = requireCustomer(visitor.ctx);
  const mayWrite = visitorMay(visitor, 'events:write');
  const { done, dataset } = await landing();
  const [sources, totals, use, admins] = await Promise.all([
    listSources(ctx),
    dailyTotals(ctx, {}),
    eventUse(ctx),
    mayWrite ? [] : readAdmins(visitor.membership.customerId),
  ]);
  const isFull = sources.length >= maxSources;
  return (
    <SourceFrame visitor={visitor}>
      <PageHeader
        title="Event sources"
        sentence="Sites, apps and servers that send events by Segment’s SDKs. Each fills a dataset of its own in BigQuery."
        viewOnly={mayWrite ? undefined : { admins }}
        actions={
          mayWrite &&
          !isFull && (
            <LinkButton variant="primary" icon="plus" href="/sources/new">
              Create source
            </LinkButton>
          )
        }
      />
      <div className="flex flex-col gap-4">
        {done === 'deleted' && (
          <Notice tone="ok" closable>
            The source was deleted and takes no more events.{' '}
            {dataset && /^\w{1,300}$/.test(dataset) && (
              <>
                Its dataset <code className="wrap-anywhere">{dataset}</code> stays in BigQuery.
              </>
            )}
          </Notice>
        )}
        {isFull && <Notice tone="info">There are {maxSources} sources, which is as many as there can be.</Notice>}
        {sources.length > 0 && (
          <div className="max-w-sm">
            <EventMeter use={use} href="/usage" />
          </div>
        )}
        <SourceTable
          sources={sources.toSorted((a, b) => lastEvent(b) - lastEvent(a))}
          totals={totals}
          now={ctx.clock()}
          timeMode={timeMode(visitor)}
          mayWrite={mayWrite}
        />
      </div>
    </SourceFrame>
  );
}

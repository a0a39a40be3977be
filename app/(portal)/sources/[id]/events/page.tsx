/** Events of one source: what came last, and beside it the receipt of the one that the address names. */
import { FilterBar, type FilterField } from '@/app/_ui/filter-bar';
import { Link } from '@/app/_ui/link';
import { hrefWith, type ListParams, listParams } from '@/app/_ui/list-params';
import { Notice } from '@/app/_ui/notice';
import { ErrorState } from '@/app/_ui/states';
import { pageTitle, timeMode } from '@/app/(portal)/_shell/visitor';
import { fromStart } from '@/app/(portal)/sources/_parts/from-start';
import {
  type SourcePageProps,
  SourceTabPage,
  sourceHref,
  sourceOr404,
} from '@/app/(portal)/sources/_parts/source-page';
import { EventTable } from '@/app/(portal)/sources/[id]/events/_parts/event-table';
import { LiveTail } from '@/app/(portal)/sources/[id]/events/_parts/live-tail';
import { ReceiptCard } from '@/app/(portal)/sources/[id]/events/_parts/receipt-card';
import { tailInput } from '@/lib/domains/events/input';
import { findReceipt } from '@/lib/domains/events/receipts/find-receipt';
import { listTail } from '@/lib/domains/events/receipts/list-tail';
import type { ReceiptView, TailPage } from '@/lib/domains/events/view';
import { requireMember } from '@/lib/edge/portal/page';
import { type CardData, cardData } from '@/lib/edge/portal/page-card';
import { type CustomerCtx, requireCustomer } from '@/lib/kernel/ctx';
import { env } from '@/lib/platform/env';
import { AppError } from '@/lib/platform/errors';

export const generateMetadata = () => pageTitle('Events');

const fields: FilterField[] = [
  { type: 'search', name: 'q', label: 'Search', placeholder: 'Message id, user id or name of an event' },
  {
    type: 'select',
    name: 'outcome',
    label: 'Status',
    options: [
      { value: '', label: 'All' },
      { value: 'ACCEPTED', label: 'Accepted' },
      { value: 'REFUSED', label: 'Refused' },
      { value: 'DUPLICATE', label: 'Duplicate' },
    ],
  },
];
const filterInput = tailInput.pick({ q: true, outcome: true });

type Props = SourcePageProps & { searchParams: Promise<Record<string, string | string[] | undefined>> };

/** The receipt that the address names; null where there is none, or none any more. */
async function receiptOf(ctx: CustomerCtx, id: string, message: string | undefined): Promise<ReceiptView | null> {
  if (message === undefined) return null;
  return findReceipt(ctx, { source_id: id }, message).catch(error => {
    if (error instanceof AppError && error.status < 500) return null;
    throw error;
  });
}

const tailOf = (ctx: CustomerCtx, id: string, { q, outcome, after }: ListParams): Promise<CardData<TailPage>> =>
  cardData(
    ctx.requestId,
    fromStart(after, place =>
      // The list names events; the one body that is shown is the receipt's.
      listTail(ctx, { ...filterInput.parse({ q, outcome }), source_id: id, after: place }, { withBodies: false }),
    ),
  );

export default async function EventsPage({ params, searchParams }: Props) {
  const visitor = await requireMember();
  const ctx = requireCustomer(visitor.ctx);
  const source = await sourceOr404(visitor, (await params).id);
  const { q, outcome, after, message } = listParams(await searchParams);
  const isKnown = filterInput.safeParse({ q, outcome }).success;
  const asked: ListParams = isKnown ? { q, outcome, after, message } : { message };
  const id = source.source_id;
  const href = sourceHref(id);
  const path = `${href}/events`;
  const [tail, receipt] = await Promise.all([tailOf(ctx, id, asked), receiptOf(ctx, id, message)]);
  const now = ctx.clock();
  const newest = tail.ok && !asked.after && !q && !outcome ? tail.data.events[0]?.recorded_at : undefined;
  const closeHref = hrefWith(path, asked, { message: undefined, after: asked.after });
  return (
    <SourceTabPage visitor={visitor} source={source} tab="events">
      {!isKnown && <Notice tone="warn">A filter in the address is not known. These are all events.</Notice>}
      {message && !receipt && (
        <Notice tone="warn">
          There is no receipt of this event. They are kept {env().EVENT_RECEIPT_DAYS} days, and written a moment after
          the event came.
        </Notice>
      )}
      <FilterBar path={path} params={{ q: asked.q, outcome: asked.outcome }} fields={fields} keep={[]} />
      <div className="flex flex-wrap items-center justify-between gap-3">
        <LiveTail countHref={`/api/sources/${encodeURIComponent(id)}/arrivals`} since={(newest ?? now).toISOString()} />
        <Link className="link" href={`${href}/history`}>
          What did a user do?
        </Link>
      </div>
      <noscript>
        <a className="btn btn-plain" href={hrefWith(path, asked, {})}>
          Look for new events
        </a>
      </noscript>
      <div className={receipt ? 'grid items-start gap-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]' : undefined}>
        {receipt && (
          <div className="min-w-0 lg:order-last">
            <ReceiptCard receipt={receipt} closeHref={closeHref} />
          </div>
        )}
        {tail.ok ? (
          <EventTable
            page={tail.data}
            path={path}
            params={asked}
            setupHref={href}
            keptDays={env().EVENT_RECEIPT_DAYS}
            now={now}
            timeMode={timeMode(visitor)}
          />
        ) : (
          <ErrorState title="Could not load events." retryHref={hrefWith(path, asked, {})} requestId={ctx.requestId}>
            {tail.reason} Events go on being taken.
          </ErrorState>
        )}
      </div>
    </SourceTabPage>
  );
}

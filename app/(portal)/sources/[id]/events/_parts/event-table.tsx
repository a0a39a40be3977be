/** The event tail: what came last, the newest first. */

import { LinkButton } from '@/app/_ui/button';
import { type Column, DataTable } from '@/app/_ui/data-table';
import { Link } from '@/app/_ui/link';
import { hrefWith, type ListParams } from '@/app/_ui/list-params';
import { Pager } from '@/app/_ui/pager';
import { EmptyState } from '@/app/_ui/states';
import { StatusBadge } from '@/app/_ui/status-badge';
import { Time } from '@/app/_ui/time';
import { eventStatus } from '@/app/(portal)/sources/[id]/events/_parts/event-status';
import { eventName } from '@/app/(portal)/sources/[id]/events/_parts/event-words';
import type { TailItem, TailPage } from '@/lib/domains/events/view';

type Look = { path: string; params: ListParams; now: Date; timeMode: 'relative' | 'absolute' };

const columns = ({ path, params, now, timeMode }: Look): Column<TailItem>[] => [
  {
    id: 'event',
    head: 'Event',
    priority: 'name',
    cell: item => (
      <Link
        className="link"
        href={hrefWith(path, params, { message: item.message_id, after: params.after })}
        aria-current={params.message === item.message_id ? 'true' : undefined}
      >
        {eventName(item)}
      </Link>
    ),
  },
  { id: 'status', head: 'Status', priority: 'second', cell: item => <StatusBadge status={eventStatus(item)} /> },
  {
    id: 'who',
    head: 'User',
    cell: ({ user_id, anonymous_id }) =>
      user_id ? (
        <span className="wrap-anywhere">{user_id}</span>
      ) : (
        <span className="text-muted wrap-anywhere">{anonymous_id ?? '–'}</span>
      ),
  },
  { id: 'received', head: 'Received', cell: item => <Time instant={item.received_at} now={now} mode={timeMode} /> },
];

type Props = Look & { page: TailPage; setupHref: string; keptDays: number };

export function EventTable({ page, setupHref, keptDays, ...look }: Props) {
  const { path, params } = look;
  return (
    <DataTable
      caption="Events"
      columns={columns(look)}
      rows={page.events}
      rowKey={item => `${item.message_id} ${item.recorded_at.getTime()} ${item.outcome}`}
      empty={<NoEvents isFiltered={Boolean(params.q || params.outcome)} {...{ path, setupHref, keptDays }} />}
      footer={
        <Pager path={path} params={params} shown={page.events.length} nextCursor={page.nextCursor ?? undefined} />
      }
    />
  );
}

type NoneProps = { isFiltered: boolean; path: string; setupHref: string; keptDays: number };

function NoEvents({ isFiltered, path, setupHref, keptDays }: NoneProps) {
  if (isFiltered)
    return (
      <EmptyState
        icon="search"
        title="No event matches these filters."
        action={<LinkButton href={path}>Clear all</LinkButton>}
      >
        Ids and names are searched as a whole, user ids and names among the last 50,000 events.
      </EmptyState>
    );
  return (
    <EmptyState
      icon="radio"
      title={`No events in the last ${keptDays} days.`}
      action={<LinkButton href={setupHref}>How to send events</LinkButton>}
    >
      Each event shows here a moment after it came, with what became of it.
    </EmptyState>
  );
}

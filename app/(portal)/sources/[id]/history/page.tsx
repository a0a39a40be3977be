/** What one user of a source did, from BigQuery, however long ago. */
import { LinkButton } from '@/app/_ui/button';
import { type Column, DataTable } from '@/app/_ui/data-table';
import { FilterBar, type FilterField } from '@/app/_ui/filter-bar';
import { formatCount } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import { hrefWith, listParams } from '@/app/_ui/list-params';
import { EmptyState, ErrorState } from '@/app/_ui/states';
import { Time } from '@/app/_ui/time';
import { FreshnessNote } from '@/app/(portal)/_charts/freshness-note';
import { pageTitle, timeMode } from '@/app/(portal)/_shell/visitor';
import {
  type SourcePageProps,
  SourceTabPage,
  sourceHref,
  sourceOr404,
} from '@/app/(portal)/sources/_parts/source-page';
import { historyLengths, listUserEvents, type UserEvent } from '@/lib/domains/events/history/user-events';
import { requireMember } from '@/lib/edge/portal/page';
import { cardData } from '@/lib/edge/portal/page-card';
import { utcDay } from '@/lib/platform/clock';

export const generateMetadata = () => pageTitle('History of a user');

const fields: FilterField[] = [
  { type: 'search', name: 'user', label: 'User', placeholder: 'User id or anonymous id, as a whole' },
  {
    type: 'select',
    name: 'days',
    label: 'Days (UTC)',
    options: historyLengths.map(days => ({
      value: days === 7 ? '' : String(days),
      label: days === 1 ? 'Today' : `Last ${days} days`,
    })),
  },
];

type Look = { path: string; now: Date; timeMode: 'relative' | 'absolute' };
const columns = ({ path, now, timeMode }: Look): Column<UserEvent>[] => [
  {
    id: 'event',
    head: 'Event',
    priority: 'name',
    cell: ({ id, event_text }) => (
      <Link className="link" href={hrefWith(path, { message: id }, {})}>
        {event_text ?? 'Unnamed'}
      </Link>
    ),
  },
  { id: 'user', head: 'User', cell: ({ user_id }) => <span className="wrap-anywhere">{user_id ?? '–'}</span> },
  {
    id: 'anonymous',
    head: 'Anonymous id',
    cell: ({ anonymous_id }) => <span className="wrap-anywhere">{anonymous_id ?? '–'}</span>,
  },
  {
    id: 'happened',
    head: 'Happened',
    cell: ({ happened_at, received_at }) => <Time instant={happened_at ?? received_at} now={now} mode={timeMode} />,
  },
];

type Props = SourcePageProps & { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function HistoryPage({ params, searchParams }: Props) {
  const visitor = await requireMember();
  const { ctx } = visitor;
  const source = await sourceOr404(visitor, (await params).id);
  const { user: typed, days: named } = listParams(await searchParams);
  const person = typed?.trim().slice(0, 200);
  const days = historyLengths.find(length => String(length) === named) ?? 7;
  const now = ctx.clock();
  const href = sourceHref(source.source_id);
  const path = `${href}/history`;
  const asked = { user: person, days: days === 7 ? undefined : String(days) };
  const found = person
    ? await cardData(
        ctx.requestId,
        listUserEvents(ctx, { source_id: source.source_id, person, days, until: utcDay(now) }),
      )
    : null;
  const look = { path: `${href}/events`, now, timeMode: timeMode(visitor) };
  return (
    <SourceTabPage visitor={visitor} source={source} tab="events">
      <h2>What did this user do?</h2>
      <p className="max-w-prose text-muted">
        Track calls from the table <code>tracks</code> in BigQuery, also those whose receipts are gone. What came within
        the last minute may not be there yet.
      </p>
      <FilterBar path={path} params={asked} fields={fields} keep={[]} />
      {found === null && <EmptyState icon="search" title="Give a user id or an anonymous id." />}
      {found && !found.ok && (
        <ErrorState title="Could not read the events." retryHref={hrefWith(path, asked, {})} requestId={ctx.requestId}>
          {found.reason}
        </ErrorState>
      )}
      {found?.ok && (
        <>
          <FreshnessNote cards={[found]} />
          <DataTable
            caption="Events of the user"
            columns={columns(look)}
            rows={found.data.rows}
            rowKey={event => event.id}
            empty={
              <EmptyState
                icon="search"
                title="This user did nothing in these days."
                action={<LinkButton href={path}>Clear all</LinkButton>}
              />
            }
            footer={
              found.data.more ? (
                <p className="text-muted">
                  The latest {formatCount(found.data.rows.length)} are shown; there are more.
                </p>
              ) : undefined
            }
          />
        </>
      )}
    </SourceTabPage>
  );
}

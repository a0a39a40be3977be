/** What does not add up between Stripe and us: open flags, and events that were given up. */
import { Card } from '@/app/_ui/card';
import { ConfirmDialog } from '@/app/_ui/confirm-dialog';
import { DataTable } from '@/app/_ui/data-table';
import { formatCount } from '@/app/_ui/format';
import { ErrorState } from '@/app/_ui/states';
import { Time } from '@/app/_ui/time';
import { replayEventAction } from '@/app/support/billing/actions';
import type { ListedEvent } from '@/lib/domains/subscriptions/sync/inbox';
import type { BillingFlag, FlagKind } from '@/lib/domains/subscriptions/tables';
import type { CardData } from '@/lib/edge/portal/page-card';

const kinds: Record<FlagKind, string> = {
  unknown_customer: 'Unknown customer',
  unknown_price: 'Unknown price',
  several_items: 'Several items',
  quantity: 'Quantity other than 1',
  second_subscription: 'Second subscription',
  missing_subscription: 'Missing in Stripe',
};

export function FlagsTable({ data, now }: { data: CardData<BillingFlag[]>; now: Date }) {
  if (!data.ok)
    return (
      <ErrorState title="Could not load the flags." retryHref="/support/billing">
        {data.reason}
      </ErrorState>
    );
  return (
    <Card title="To look at in Stripe" note="Closed by itself once it adds up; plan and limits stay until then">
      <DataTable
        caption="What does not add up in Stripe"
        rows={data.data}
        rowKey={flag => flag.flagId}
        empty={<p className="text-muted">Everything in Stripe adds up.</p>}
        id="flags"
        columns={[
          { id: 'kind', head: 'What', priority: 'name', cell: flag => kinds[flag.kind] },
          {
            id: 'stripe',
            head: 'In Stripe',
            priority: 'second',
            cell: flag => <code className="wrap-anywhere">{flag.stripeId}</code>,
          },
          {
            id: 'organization',
            head: 'Organization',
            cell: flag =>
              flag.customerId ? (
                <code className="wrap-anywhere">{flag.customerId}</code>
              ) : (
                <span className="text-muted">None of ours</span>
              ),
          },
          {
            id: 'detail',
            head: 'Detail',
            cell: flag => <span className="wrap-anywhere">{flag.detail}</span>,
          },
          { id: 'since', head: 'Since', cell: flag => <Time instant={flag.firstSeenAt} now={now} /> },
        ]}
      />
    </Card>
  );
}

export function DeadEventsTable({ data, now }: { data: CardData<ListedEvent[]>; now: Date }) {
  if (!data.ok)
    return (
      <ErrorState title="Could not load the events." retryHref="/support/billing">
        {data.reason}
      </ErrorState>
    );
  return (
    <Card title="Events given up" note="Stripe’s events that could not be processed, newest first">
      <DataTable
        caption="Events of Stripe that were given up"
        rows={data.data}
        rowKey={event => event.eventId}
        empty={<p className="text-muted">No event was given up.</p>}
        id="events"
        columns={[
          {
            id: 'type',
            head: 'Event',
            priority: 'name',
            cell: event => <code className="wrap-anywhere">{event.type}</code>,
          },
          {
            id: 'id',
            head: 'Id',
            priority: 'second',
            cell: event => <code className="wrap-anywhere">{event.eventId}</code>,
          },
          { id: 'received', head: 'Received', cell: event => <Time instant={event.receivedAt} now={now} /> },
          { id: 'attempts', head: 'Attempts', align: 'end', cell: event => formatCount(event.attempts) },
          {
            id: 'error',
            head: 'Last error',
            cell: event => <span className="wrap-anywhere">{event.lastError ?? '–'}</span>,
          },
        ]}
        actions={event => (
          <ConfirmDialog
            trigger="Replay…"
            triggerClassName="btn btn-quiet"
            title={`Replay ${event.eventId}?`}
            confirmLabel="Replay event"
            pending="Replaying"
            action={replayEventAction}
            hidden={{ event_id: event.eventId }}
          >
            It gets all its attempts again. What it is about is asked of Stripe anew, so a repeat does no harm.
          </ConfirmDialog>
        )}
      />
    </Card>
  );
}

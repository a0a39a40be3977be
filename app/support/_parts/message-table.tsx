/** Messages to people that were given up: of which organization, why, and another try. */
import { Card } from '@/app/_ui/card';
import { ConfirmDialog } from '@/app/_ui/confirm-dialog';
import { DataTable } from '@/app/_ui/data-table';
import { ErrorState } from '@/app/_ui/states';
import { Time } from '@/app/_ui/time';
import { triedColumns } from '@/app/support/_parts/given-up-columns';
import { sendAgainAction } from '@/app/support/actions';
import { Organization } from '@/app/support/billing/_parts/organization';
import { titleOf } from '@/lib/domains/notifications/event-rules';
import type { FailedNotification } from '@/lib/domains/notifications/outbox';
import type { CardData } from '@/lib/edge/portal/page-card';

export function MessageTable({ data, now }: { data: CardData<FailedNotification[]>; now: Date }) {
  if (!data.ok)
    return (
      <ErrorState title="Could not load the messages." retryHref="/support">
        {data.reason}
      </ErrorState>
    );
  return (
    <Card title="Messages given up" note="Mails that could not be sent after all attempts, newest first">
      <DataTable
        caption="Messages that were given up"
        rows={data.data}
        rowKey={row => row.notification_id}
        empty={<p className="text-muted">No message was given up.</p>}
        id="messages"
        columns={[
          {
            id: 'organization',
            head: 'Organization',
            priority: 'name',
            cell: row => <Organization id={row.customer_id} name={row.company_name} />,
          },
          { id: 'event', head: 'Message', priority: 'second', cell: row => titleOf(row.event) },
          { id: 'recipient', head: 'To', cell: row => <span className="wrap-anywhere">{row.recipient}</span> },
          { id: 'created', head: 'Since', cell: row => <Time instant={row.created_at} now={now} /> },
          ...triedColumns,
        ]}
        actions={row => (
          <ConfirmDialog
            trigger="Send again…"
            triggerClassName="btn btn-quiet whitespace-nowrap"
            title={`Send “${titleOf(row.event)}” to ${row.recipient} again?`}
            confirmLabel="Send again"
            pending="Sending"
            action={sendAgainAction}
            hidden={{ notification_id: row.notification_id, organization: row.customer_id }}
          >
            It gets all its attempts again, and is left out if it is of no use any more. If the answer to an earlier
            attempt was lost, it may arrive twice. {row.company_name} sees in its audit log that support did this.
          </ConfirmDialog>
        )}
      />
    </Card>
  );
}

/** Events of orchestrators that could not be applied: of which organization, why, and another try. */
import { Card } from '@/app/_ui/card';
import { ConfirmDialog } from '@/app/_ui/confirm-dialog';
import { DataTable } from '@/app/_ui/data-table';
import { ErrorState } from '@/app/_ui/states';
import { Time } from '@/app/_ui/time';
import { triedColumns } from '@/app/support/_parts/given-up-columns';
import { applyAgainAction } from '@/app/support/actions';
import { Organization } from '@/app/support/billing/_parts/organization';
import type { GivenUpEvent } from '@/lib/domains/lineage/dead/given-up';
import type { CardData } from '@/lib/edge/portal/page-card';

export function LineageTable({ data, now }: { data: CardData<GivenUpEvent[]>; now: Date }) {
  if (!data.ok)
    return (
      <ErrorState title="Could not load the events of orchestrators." retryHref="/support">
        {data.reason}
      </ErrorState>
    );
  return (
    <Card title="Orchestrators’ events given up" note="Events of OpenLineage that could not be applied, newest first">
      <DataTable
        caption="Events of orchestrators that were given up"
        rows={data.data}
        rowKey={row => String(row.event_id)}
        empty={<p className="text-muted">No event was given up.</p>}
        id="lineage-events"
        columns={[
          {
            id: 'organization',
            head: 'Organization',
            priority: 'name',
            cell: row => <Organization id={row.customer_id} name={row.company_name} />,
          },
          { id: 'event', head: 'Event', priority: 'second', cell: row => row.event_type ?? '–' },
          { id: 'run', head: 'Run', cell: row => <code className="wrap-anywhere">{row.root_run_id}</code> },
          { id: 'received', head: 'Since', cell: row => <Time instant={row.received_at} now={now} /> },
          ...triedColumns,
        ]}
        actions={row => (
          <ConfirmDialog
            trigger="Apply again…"
            triggerClassName="btn btn-quiet whitespace-nowrap"
            title={`Apply event ${row.event_id} of ${row.company_name} again?`}
            confirmLabel="Apply again"
            pending="Applying"
            action={applyAgainAction}
            hidden={{ event_id: String(row.event_id), organization: row.customer_id }}
          >
            It gets all its attempts again. Where its run has ended too long ago by now it is kept as late.{' '}
            {row.company_name} sees in its audit log that support did this.
          </ConfirmDialog>
        )}
      />
    </Card>
  );
}

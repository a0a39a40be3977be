/** Suspended organizations, and the forms that suspend, take it back and lengthen a trial. */
import { Card } from '@/app/_ui/card';
import { ConfirmDialog } from '@/app/_ui/confirm-dialog';
import { DataTable } from '@/app/_ui/data-table';
import { TextField } from '@/app/_ui/field';
import { Form } from '@/app/_ui/form';
import { SubmitButton } from '@/app/_ui/submit-button';
import { Time } from '@/app/_ui/time';
import { Organization } from '@/app/support/billing/_parts/organization';
import { extendTrialAction, suspendAction, unsuspendAction } from '@/app/support/billing/actions';
import { planTitle } from '@/lib/domains/subscriptions/rules';
import type { SuspendedCustomer } from '@/lib/domains/subscriptions/standing/suspended-customers';
import { maxExtensionDays } from '@/lib/domains/subscriptions/standing/suspension';

const OrganizationField = () => (
  <TextField
    name="organization"
    label="Organization"
    help="Its id, such as cus_…"
    required
    maxLength={40}
    autoComplete="off"
    spellCheck={false}
  />
);
const ReasonField = () => (
  <TextField
    name="reason"
    label="Reason"
    help="The organization’s admins read it in their audit log."
    required
    minLength={3}
    maxLength={500}
    autoComplete="off"
  />
);

function Unsuspend({ row }: { row: SuspendedCustomer }) {
  return (
    <ConfirmDialog
      trigger="End suspension…"
      triggerClassName="btn btn-quiet whitespace-nowrap"
      title={`End the suspension of ${row.company_name}?`}
      confirmLabel="End suspension"
      pending="Ending"
      action={unsuspendAction}
      hidden={{ organization: row.customer_id }}
    >
      <span className="mb-3 block">Its status is again what its subscription says, at once.</span>
      <ReasonField />
    </ConfirmDialog>
  );
}

export function SuspendedTable({ rows, now }: { rows: SuspendedCustomer[]; now: Date }) {
  return (
    <Card
      title="Suspended organizations"
      actions={
        <span className="flex flex-wrap items-center gap-3">
          <ConfirmDialog
            trigger="Suspend organization…"
            title="Suspend an organization?"
            confirmLabel="Suspend organization"
            pending="Suspending"
            action={suspendAction}
          >
            <span className="mb-3 block">Everything but billing is refused from now on, keys and runs included.</span>
            <span className="flex flex-col gap-3">
              <OrganizationField />
              <ReasonField />
            </span>
          </ConfirmDialog>
        </span>
      }
    >
      <DataTable
        caption="Suspended organizations"
        rows={rows}
        rowKey={row => row.customer_id}
        empty={<p className="text-muted">No organization is suspended.</p>}
        id="suspended"
        columns={[
          {
            id: 'organization',
            head: 'Organization',
            priority: 'name',
            cell: row => <Organization id={row.customer_id} name={row.company_name} />,
          },
          { id: 'plan', head: 'Plan', priority: 'second', cell: row => planTitle(row.plan) },
          { id: 'since', head: 'Since', cell: row => <Time instant={row.suspended_at} now={now} none="Unknown" /> },
          { id: 'by', head: 'By', cell: row => <span className="wrap-anywhere">{row.suspended_by ?? 'Unknown'}</span> },
          {
            id: 'reason',
            head: 'Reason',
            cell: row => <span className="wrap-anywhere">{row.reason ?? 'Unknown'}</span>,
          },
        ]}
        actions={row => <Unsuspend row={row} />}
      />
    </Card>
  );
}

export function ExtendTrial() {
  return (
    <Card title="Extend a trial" note="Of organizations that Stripe does not charge yet; an expired trial runs again">
      <Form
        action={extendTrialAction}
        labels={{ organization: 'Organization', days: 'Days', reason: 'Reason' }}
        className="form max-w-form"
      >
        <OrganizationField />
        <TextField
          name="days"
          label="Days"
          help={`1 to ${maxExtensionDays}, from its last day, or from today where that is past.`}
          type="number"
          min={1}
          max={maxExtensionDays}
          required
        />
        <ReasonField />
        <SubmitButton pending="Extending">Extend trial</SubmitButton>
      </Form>
    </Card>
  );
}

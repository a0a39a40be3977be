/** Settings → Organization: name and whom to bill; what cannot be changed, with the reason. */

import { TextField } from '@/app/_ui/field';
import { Form } from '@/app/_ui/form';
import { Link } from '@/app/_ui/link';
import { Notice } from '@/app/_ui/notice';
import { SideCard, WithSide } from '@/app/_ui/side-column';
import { SubmitButton } from '@/app/_ui/submit-button';
import { adminsOnlyPage } from '@/app/(portal)/_shell/denied-page';
import { RecentChanges } from '@/app/(portal)/_shell/recent-changes';
import { whoCan } from '@/app/(portal)/_shell/who-can';
import { SettingsFrame, settingsTitle } from '@/app/(portal)/settings/_parts/settings-frame';
import { updateOrganizationAction } from '@/app/(portal)/settings/organization/actions';
import { type OrganizationView, readOrganization } from '@/lib/domains/organizations/settings';
import { landing } from '@/lib/edge/portal/landing';
import { requireMember, visitorMay } from '@/lib/edge/portal/page';

export const generateMetadata = () => settingsTitle('organization');

const labels = { company_name: 'Name', billing_email: 'Billing email', phone_number: 'Phone' };
const residencyWords: Record<string, string> = { US: 'United States', EU: 'European Union' };

function Fixed({ organization }: { organization: OrganizationView }) {
  const { data_residency, tenant_dataset_id, customer_id } = organization;
  const rows: [label: string, value: string, reason: string][] = [
    [
      'Data residency',
      residencyWords[data_residency] ?? data_residency,
      'Chosen when the organization was opened; BigQuery cannot move a dataset.',
    ],
    ['BigQuery dataset', tenant_dataset_id, 'Your queries name it, so it keeps its name when yours changes.'],
    ['Organization id', customer_id, 'For the API and for support.'],
  ];
  return (
    <dl className="flex flex-col gap-4">
      {rows.map(([label, value, reason]) => (
        <div key={label}>
          <dt className="font-medium">{label}</dt>
          <dd>
            <span className="wrap-anywhere">{label === 'Data residency' ? value : <code>{value}</code>}</span>
            <p className="text-muted">{reason}</p>
          </dd>
        </div>
      ))}
    </dl>
  );
}

export default async function OrganizationPage() {
  const visitor = await requireMember();
  const { customerId } = visitor.membership;
  if (!visitorMay(visitor, 'organization:write'))
    return adminsOnlyPage(visitor, 'organization.update', 'change the organization’s settings');
  const [organization, { done }] = await Promise.all([readOrganization(visitor.ctx), landing()]);
  return (
    <SettingsFrame
      visitor={visitor}
      current="organization"
      sentence="What the organization is called and whom to bill."
    >
      <WithSide
        side={
          <>
            <SideCard
              title="Organization"
              lines={[
                whoCan('organization:write', 'change these'),
                'The name stands in mails and invitations at once.',
                'Invoices that were made keep the address they were made with.',
                <>
                  Plan and invoices are under{' '}
                  <Link className="link" href="/billing">
                    Billing
                  </Link>
                  .
                </>,
              ]}
            />
            <RecentChanges visitor={visitor} target="customer" />
          </>
        }
      >
        <div className="flex max-w-form flex-col gap-6">
          {done === 'saved' && (
            <Notice tone="ok" closable>
              Settings saved.
            </Notice>
          )}
          <Form action={updateOrganizationAction} customerId={customerId} labels={labels}>
            <TextField
              name="company_name"
              label="Name"
              defaultValue={organization.company_name}
              autoComplete="organization"
              required
            />
            <TextField
              name="billing_email"
              label="Billing email"
              type="email"
              help="Invoices and receipts go there."
              defaultValue={organization.billing_email ?? ''}
              autoComplete="email"
              required
            />
            <TextField
              name="phone_number"
              label="Phone"
              help="For questions about an invoice, with country code."
              defaultValue={organization.phone_number ?? ''}
              autoComplete="tel"
              inputMode="tel"
              optional
            />
            <div>
              <SubmitButton pending="Saving…">Save</SubmitButton>
            </div>
          </Form>
          <Fixed organization={organization} />
          <p>
            <Link className="link" href="/onboarding">
              Open another organization
            </Link>
          </p>
        </div>
      </WithSide>
    </SettingsFrame>
  );
}

/** Asks an owner, on a page of its own, before the organization ends: what goes, what stays, when it is final. */
import { redirect } from 'next/navigation';
import type { ReactNode } from 'react';
import { LinkButton } from '@/app/_ui/button';
import { ConfirmForm } from '@/app/_ui/confirm-dialog';
import { formatCount, formatDate } from '@/app/_ui/format';
import { PageHeader } from '@/app/_ui/page-header';
import { deniedPage } from '@/app/(portal)/_shell/denied-page';
import { PortalPage } from '@/app/(portal)/_shell/portal-page';
import { pageTitle } from '@/app/(portal)/_shell/visitor';
import { requestDeletionAction } from '@/app/(portal)/settings/danger/actions';
import { retention, stayingWords } from '@/lib/domains/audit/retention';
import { deletionDue, graceDays } from '@/lib/domains/customers/rules';
import { readDeletionScope } from '@/lib/domains/organizations/deletion-scope';
import { requireMember, type Visitor, visitorMay } from '@/lib/edge/portal/page';
import { signedInRecently } from '@/lib/edge/portal/sign-in/session';

export const generateMetadata = () => pageTitle('Delete organization');

const path = '/settings/danger/delete';
const crumbs = [{ label: 'Danger zone', href: '/settings/danger' }, { label: 'Delete' }];
const counted = (count: number, one: string, many: string) => `${formatCount(count)} ${count === 1 ? one : many}`;

function Part({ title, items }: { title: string; items: readonly ReactNode[] }) {
  return (
    <section className="flex flex-col gap-1">
      <h2>{title}</h2>
      <ul className="list-disc space-y-1 pl-5">
        {items.map((item, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes.
          <li key={index}>{item}</li>
        ))}
      </ul>
    </section>
  );
}

async function Consequences({ visitor, due }: { visitor: Visitor; due: string }) {
  const scope = await readDeletionScope(visitor.ctx);
  const people = counted(scope.members, 'member', 'members');
  const goes = [
    `${people} and ${counted(scope.invitations, 'invitation', 'invitations')}: nobody can open the organization any more`,
    `${counted(scope.keys, 'API key', 'API keys')}: refused from then on`,
    `${counted(scope.runs, 'run', 'runs')} with steps and data-quality results`,
    <>
      The BigQuery dataset <code className="wrap-anywhere">{visitor.membership.tenantDatasetId}</code> with everything
      in it
    </>,
    'The Stripe customer, and what is left of a paid plan',
  ];
  const stays = [
    'Invoices, kept by Stripe as the law asks',
    stayingWords(retention()),
    'That this organization was erased, and when; no names',
  ];
  return (
    <div className="flex flex-col gap-4">
      <Part
        title="At once"
        items={[
          'No run starts any more. Pages and reading by API keys go on.',
          'A paid plan does not renew: Stripe charges no further period, unless the organization is restored.',
          'Owners can restore it in Settings.',
        ]}
      />
      <Part title={`Erased on ${due} (UTC), for good`} items={goes} />
      <Part title="What stays" items={stays} />
    </div>
  );
}

export default async function DeleteOrganizationPage() {
  const visitor = await requireMember();
  if (!visitorMay(visitor, 'organization:delete'))
    return deniedPage(visitor, 'organization.request_deletion', 'Only an owner can delete the organization.');
  const { companyName, customerId, deletionDueAt } = visitor.membership;
  if (deletionDueAt) redirect('/settings/danger');
  const now = visitor.ctx.clock();
  const due = formatDate(deletionDue(now));
  return (
    <PortalPage visitor={visitor} current="settings" crumbs={crumbs}>
      <PageHeader
        title={`Delete ${companyName}?`}
        sentence={`Deletion starts now and is final on ${due}. Until then an owner can restore the organization.`}
      />
      <div className="flex max-w-form flex-col gap-6">
        <Consequences visitor={visitor} due={due} />
        {signedInRecently(visitor.session, now) ? (
          <ConfirmForm
            action={requestDeletionAction}
            customerId={customerId}
            confirmLabel="Delete organization"
            pending="Deleting…"
            cancelHref="/settings/danger"
            word={companyName}
          >
            <p>It can be restored for {graceDays} days.</p>
          </ConfirmForm>
        ) : (
          <div className="flex flex-col items-start gap-2">
            <p>To go on, sign in again. Your last sign-in is more than 10 minutes ago.</p>
            <div className="flex flex-wrap gap-2">
              <LinkButton href={`/signin?again=1&next=${encodeURIComponent(path)}`} variant="primary">
                Sign in again
              </LinkButton>
              <LinkButton href="/settings/danger">Cancel</LinkButton>
            </div>
          </div>
        )}
      </div>
    </PortalPage>
  );
}

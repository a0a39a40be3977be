/** Invitations that wait for the signed-in address: what someone without an organization sees first. */
import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { formatDate } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import { InvitationCard, JoinForm, OtherAccount } from '@/app/invitations/card';
import { readWaitingInvitations } from '@/lib/domains/team/invitations/acceptance';
import { roleWords } from '@/lib/domains/team/rules';
import { currentSession } from '@/lib/edge/portal/page';

export const metadata: Metadata = { title: 'Invitations · Tenantry' };

export default async function InvitationsPage() {
  const session = await currentSession();
  if (!session) redirect('/signin?next=/invitations');
  const { email } = session.person;
  const waiting = await readWaitingInvitations(email);
  if (waiting.length === 0) redirect(session.membership ? '/' : '/welcome');
  return (
    <InvitationCard title={waiting.length === 1 ? 'An invitation waits for you' : 'Invitations wait for you'}>
      <p className="wrap-anywhere text-muted">You are signed in as {email}.</p>
      <ul className="flex flex-col gap-4">
        {waiting.map(({ memberId, companyName, invitedBy, role, expiresAt }) => (
          <li key={memberId} className="flex flex-col gap-2">
            <p className="wrap-anywhere">
              {invitedBy ?? 'An admin'} invited you to <strong>{companyName}</strong> as {roleWords[role]}
              {expiresAt && `, until ${formatDate(expiresAt)} (UTC)`}.
            </p>
            <JoinForm hidden={{ member_id: memberId }}>Join {companyName}</JoinForm>
          </li>
        ))}
      </ul>
      <p>
        Or{' '}
        <Link className="link" href="/onboarding">
          open a new organization
        </Link>
        .
      </p>
      <OtherAccount next="/invitations" />
    </InvitationCard>
  );
}

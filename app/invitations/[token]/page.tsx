/** Where an invitation's mail leads: signed out to sign-in and back; signed in as the invited address to one button. */
import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { LinkButton } from '@/app/_ui/button';
import { formatDate } from '@/app/_ui/format';
import { Notice } from '@/app/_ui/notice';
import { InvitationCard, JoinForm, OtherAccount } from '@/app/invitations/card';
import { closedInvitationSentences, findInvitation, type Invitation } from '@/lib/domains/team/invitations/acceptance';
import { roleWords } from '@/lib/domains/team/rules';
import { currentSession } from '@/lib/edge/portal/page';
import type { Session } from '@/lib/edge/portal/sign-in/session';
import { roleDescriptions } from '@/lib/kernel/permissions';

export const metadata: Metadata = { title: 'Invitation · Tenantry', robots: 'noindex' };

export default async function InvitationPage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params;
  const [session, invitation] = [await currentSession(), await findInvitation(token)];
  if (!invitation) return <Closed sentence="This invitation link is not valid. A newer mail may have replaced it." />;
  if (invitation.state !== 'open') return <ClosedFor session={session} invitation={invitation} />;
  if (!session) redirect(`/signin?next=${encodeURIComponent(`/invitations/${token}`)}`);
  return <Open session={session} invitation={invitation} token={token} />;
}

type OpenProps = { session: Session; invitation: Invitation; token: string };

function Open({ session, invitation, token }: OpenProps) {
  const { companyName, email, role, invitedBy, expiresAt } = invitation;
  const isInvited = session.person.email === email;
  return (
    <InvitationCard title={`Join ${companyName}`}>
      <p className="wrap-anywhere">
        {invitedBy ?? 'An admin'} invited <strong>{email}</strong> as {roleWords[role]}. {roleDescriptions[role]}
      </p>
      {expiresAt && <p className="text-muted">The invitation is good until {formatDate(expiresAt)} (UTC).</p>}
      {isInvited ? (
        <JoinForm hidden={{ token }}>Join {companyName}</JoinForm>
      ) : (
        <>
          <Notice tone="warn">
            You are signed in as {session.person.email}. Sign in as {email} to join.
          </Notice>
          <OtherAccount next={`/invitations/${token}`} />
        </>
      )}
    </InvitationCard>
  );
}

/** A member who opens their own used link is in already. */
function ClosedFor({ session, invitation }: { session: Session | null; invitation: Invitation }) {
  const { state, customerId } = invitation;
  const isMember = session?.person.memberships.some(membership => membership.customerId === customerId) ?? false;
  if (state === 'used' && isMember) return <Closed sentence="You have joined already." isMember />;
  return <Closed sentence={state === 'open' ? '' : closedInvitationSentences[state]} isMember={isMember} />;
}

function Closed({ sentence, isMember = false }: { sentence: string; isMember?: boolean }) {
  return (
    <InvitationCard title="This invitation is closed">
      <p>{sentence}</p>
      <div>
        <LinkButton variant="primary" href={isMember ? '/' : '/signin'}>
          {isMember ? 'Overview' : 'Sign in'}
        </LinkButton>
      </div>
    </InvitationCard>
  );
}

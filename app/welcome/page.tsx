/** Where a signed-in person without an organization lands: open one, or wait to be invited to one. */
import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { LinkButton } from '@/app/_ui/button';
import { EntryFrame } from '@/app/_ui/entry-frame';
import { Notice } from '@/app/_ui/notice';
import { NoticeSeen } from '@/app/_ui/notice-seen';
import { trialDays } from '@/lib/domains/subscriptions/rules';
import { readWaitingInvitations } from '@/lib/domains/team/invitations/acceptance';
import { landing, noticeCookie } from '@/lib/edge/portal/landing';
import { currentSession } from '@/lib/edge/portal/page';

export const metadata: Metadata = { title: 'No organization yet · Tenantry' };

export default async function WelcomePage() {
  const session = await currentSession();
  if (!session) redirect('/signin');
  if (session.membership) redirect('/');
  if ((await readWaitingInvitations(session.person.email)).length > 0) redirect('/invitations');
  const { done } = await landing();
  return (
    <EntryFrame>
      {done === 'left' && (
        <>
          <NoticeSeen cookie={noticeCookie} />
          <Notice tone="ok" closable>
            You left the organization.
          </Notice>
        </>
      )}
      <h1>You are not a member of an organization yet</h1>
      <p>
        You are signed in as <strong className="break-all">{session.person.email}</strong>, and no organization knows
        this address.
      </p>
      <ul className="list-disc space-y-2 pl-5 text-muted">
        <li>If your company uses Tenantry, ask one of its admins to invite this exact address.</li>
        <li>If you have another Google account, sign out and use that one.</li>
        <li>If your company is new here, open an organization: {trialDays} days free, no card needed.</li>
      </ul>
      <div className="flex flex-wrap gap-2">
        <LinkButton href="/onboarding" variant="primary">
          Open a new organization
        </LinkButton>
        <form method="post" action="/api/session/sign-out">
          <button type="submit" className="btn btn-plain">
            Sign out
          </button>
        </form>
      </div>
    </EntryFrame>
  );
}

/** Sign-in: one card, Google only; works without JavaScript because the CSRF token is in the page. */
import type { Metadata } from 'next';
import { cookies } from 'next/headers';
import { redirect } from 'next/navigation';
import { EntryFrame } from '@/app/_ui/entry-frame';
import { Notice } from '@/app/_ui/notice';
import { ForgetTexts } from '@/app/signin/forget-texts';
import { Promises } from '@/app/signin/promises';
import { trialDays } from '@/lib/domains/subscriptions/rules';
import { findInvitation } from '@/lib/domains/team/invitations/acceptance';
import { roleWords } from '@/lib/domains/team/rules';
import { safePath } from '@/lib/edge/http/origin';
import { currentSession } from '@/lib/edge/portal/page';
import { csrfCookieName, csrfTokenOf } from '@/lib/edge/portal/sign-in/cookies';

export const metadata: Metadata = { title: 'Sign in · Tenantry' };

type Search = Promise<{
  next?: string;
  error?: string;
  ended?: string;
  /** Set where someone who is signed in must show again that it is them. */
  again?: string;
  'signed-out'?: string;
  callbackUrl?: string;
}>;

function messageOf(search: Awaited<Search>): { tone: 'info' | 'bad'; text: string } | null {
  if (search.error === 'AccessDenied')
    return {
      tone: 'bad',
      text: 'Google has not verified this address. Verify it with Google, or use another account.',
    };
  if (search.error === 'TooManySignIns')
    return { tone: 'bad', text: 'Too many sign-ins came from your network. Wait 10 minutes, then try again.' };
  if (search.error)
    return { tone: 'bad', text: 'Google did not complete the sign-in. Nothing was changed. Try again.' };
  if (search.again) return { tone: 'info', text: 'Sign in again to show that it is you.' };
  if (search.ended) return { tone: 'info', text: 'Your session ended. Sign in to continue where you were.' };
  if (search['signed-out'] !== undefined) return { tone: 'info', text: 'You are signed out.' };
  return null;
}

/** What the mail said too, for someone whom its link led here; null for any other visitor. */
async function invitationOf(next: string): Promise<string | null> {
  const token = /^\/invitations\/([\w-]{43})$/.exec(next)?.[1];
  const invitation = token ? await findInvitation(token) : null;
  if (invitation?.state !== 'open') return null;
  const { invitedBy, companyName, role, email } = invitation;
  return `${invitedBy ?? 'An admin'} invited you to ${companyName} as ${roleWords[role]}. Sign in as ${email}.`;
}

export default async function SignInPage({ searchParams }: { searchParams: Search }) {
  const search = await searchParams;
  const next = safePath(search.next ?? search.callbackUrl);
  if (!search.again && (await currentSession())) redirect(next);
  const csrfToken = csrfTokenOf((await cookies()).get(csrfCookieName())?.value);
  const message = messageOf(search);
  const invitation = await invitationOf(next);
  return (
    <EntryFrame width={400} beside={<Promises />}>
      <ForgetTexts />
      <div className="flex flex-col gap-1">
        <h1>Sign in to Tenantry</h1>
        <p className="text-muted">Manage API keys, members, plans and credentials of your organization.</p>
      </div>
      {invitation && <p className="wrap-anywhere">{invitation}</p>}
      {message && <Notice tone={message.tone}>{message.text}</Notice>}
      <form method="post" action="/api/auth/signin/google" className="flex flex-col">
        <input type="hidden" name="csrfToken" value={csrfToken} />
        <input type="hidden" name="callbackUrl" value={next} />
        <button type="submit" className="btn btn-primary btn-large">
          Continue with Google
        </button>
      </form>
      <p className="text-table text-muted">
        New here? Sign in, then open an organization: {trialDays} days free, no card needed.
      </p>
    </EntryFrame>
  );
}

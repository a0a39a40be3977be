/** Sign-in: one card, Google only; works without JavaScript because the CSRF token is in the page. */
import type { Metadata } from 'next';
import { cookies } from 'next/headers';
import { redirect } from 'next/navigation';
import { Notice } from '@/app/_ui/notice';
import { csrfCookieName, csrfTokenOf } from '@/lib/edge/cookies';
import { safePath } from '@/lib/edge/origin';
import { currentSession } from '@/lib/edge/page';

export const metadata: Metadata = { title: 'Sign in · Tenantry' };

type Search = Promise<{ next?: string; error?: string; ended?: string; 'signed-out'?: string; callbackUrl?: string }>;

function messageOf(search: Awaited<Search>): { tone: 'info' | 'bad'; text: string } | null {
  if (search.error === 'AccessDenied')
    return {
      tone: 'bad',
      text: 'Google has not verified this address. Verify it with Google, or use another account.',
    };
  if (search.error)
    return { tone: 'bad', text: 'Google did not complete the sign-in. Nothing was changed. Try again.' };
  if (search.ended) return { tone: 'info', text: 'Your session ended. Sign in to continue where you were.' };
  if (search['signed-out'] !== undefined) return { tone: 'info', text: 'You are signed out.' };
  return null;
}

export default async function SignInPage({ searchParams }: { searchParams: Search }) {
  const search = await searchParams;
  const next = safePath(search.next ?? search.callbackUrl);
  if (await currentSession()) redirect(next);
  const csrfToken = csrfTokenOf((await cookies()).get(csrfCookieName())?.value);
  const message = messageOf(search);
  return (
    <main className="grid min-h-dvh place-items-center p-4">
      <div className="card flex w-full max-w-[360px] flex-col gap-4 p-6">
        <h1 className="text-title font-semibold">Sign in to Tenantry</h1>
        <p className="text-muted">Manage API keys, members, plans and credentials of your organization.</p>
        {message && <Notice tone={message.tone}>{message.text}</Notice>}
        <form method="post" action="/api/auth/signin/google" className="flex flex-col">
          <input type="hidden" name="csrfToken" value={csrfToken} />
          <input type="hidden" name="callbackUrl" value={next} />
          <button type="submit" className="btn btn-primary justify-center">
            Continue with Google
          </button>
        </form>
      </div>
    </main>
  );
}

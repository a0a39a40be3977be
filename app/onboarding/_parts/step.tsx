/** The frame of one onboarding step: which of how many it is, in words. */
import type { ReactNode } from 'react';
import { EntryFrame } from '@/app/_ui/entry-frame';
import { Link } from '@/app/_ui/link';
import type { Session } from '@/lib/edge/portal/sign-in/session';

type Props = { session: Session; step: 1 | 2; title: string; sentence: ReactNode; children: ReactNode };

export function Step({ session, step, title, sentence, children }: Props) {
  return (
    <EntryFrame width={560} note={`Step ${step} of 2`}>
      <div className="flex flex-col gap-1">
        <h1>{title}</h1>
        <p className="text-muted">{sentence}</p>
      </div>
      {children}
      <p className="wrap-anywhere text-meta text-muted">
        You are signed in as {session.person.email}.{' '}
        <Link className="link" href={session.membership ? '/' : '/welcome'}>
          {session.membership ? `Back to ${session.membership.companyName}` : 'Not now'}
        </Link>
      </p>
    </EntryFrame>
  );
}

/** The frame of the pages for people who are not members yet, and the form that makes them one. */
import type { ReactNode } from 'react';
import { EntryFrame } from '@/app/_ui/entry-frame';
import { Form } from '@/app/_ui/form';
import { SubmitButton } from '@/app/_ui/submit-button';
import { acceptAction } from '@/app/invitations/actions';

export function InvitationCard({ title, children }: { title: string; children: ReactNode }) {
  return (
    <EntryFrame>
      <h1 className="wrap-anywhere">{title}</h1>
      {children}
    </EntryFrame>
  );
}

/** Names the invitation by the link's token, or by its id for one that waits for the signed-in address. */
export function JoinForm({ hidden, children }: { hidden: Record<string, string>; children: ReactNode }) {
  return (
    <Form action={acceptAction} hidden={hidden}>
      <div>
        <SubmitButton pending="Joining…">{children}</SubmitButton>
      </div>
    </Form>
  );
}

/** Ends the session and comes back, to sign in as another person. */
export function OtherAccount({ next }: { next: string }) {
  return (
    <form method="post" action="/api/session/sign-out">
      <input type="hidden" name="next" value={next} />
      <button type="submit" className="btn btn-plain">
        Use another account
      </button>
    </form>
  );
}

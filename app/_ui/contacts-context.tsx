'use client';
/** The contacts of this installation, given once by the root layout, so that error pages made in the browser show them too. */
import { createContext, type ReactNode, useContext } from 'react';
import { type ContactLines, Contacts } from '@/app/_ui/contacts';

const Known = createContext<ContactLines | null>(null);

export function ContactsProvider({ contacts, children }: { contacts: ContactLines; children: ReactNode }) {
  return <Known value={contacts}>{children}</Known>;
}

/** Whom to ask, and the page with the links; only the page where the root layout itself failed. */
export function WhomToAsk() {
  const contacts = useContext(Known);
  return (
    <div className="mt-2 flex flex-col gap-1 text-table text-muted">
      <p>
        If it stays so, ask us and name the request id. More on the page{' '}
        <a className="underline" href="/docs/help">
          Help
        </a>
        .
      </p>
      {contacts && <Contacts contacts={contacts} />}
    </div>
  );
}

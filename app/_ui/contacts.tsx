/** Whom to ask, as lines of text and links; nothing where no contact is known. */

/** An address, a channel and an address of pages; null where there is none. */
export type ContactLines = { email: string; slack: string | null; documentation: string | null };

export function Contacts({ contacts: { email, slack, documentation } }: { contacts: ContactLines }) {
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1">
      <li>
        Mail{' '}
        <a href={`mailto:${email}`} className="underline wrap-anywhere">
          {email}
        </a>
      </li>
      {slack && <li>Slack {slack}</li>}
      {documentation && (
        <li>
          <a href={documentation} className="underline">
            Documentation
          </a>
        </li>
      )}
    </ul>
  );
}

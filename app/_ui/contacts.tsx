/** Whom to ask, as lines of text and links; nothing where no contact is known. */
import type { SupportContacts } from '@/lib/platform/help';

export function Contacts({ contacts: { email, slack, documentation } }: { contacts: SupportContacts }) {
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

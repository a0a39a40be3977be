/** Whom to ask, and where to read on. */
import { Contacts } from '@/app/_ui/contacts';
import { referenceLinks, supportContacts } from '@/lib/platform/help';

export function Help() {
  return (
    <section className="flex flex-col gap-2" aria-labelledby="help">
      <h2 id="help">Help</h2>
      <p className="max-w-prose">
        Name the <code>request_id</code> of the answer, or the request id of the page.
      </p>
      <Contacts contacts={supportContacts()} />
      <p className="mt-2">About the services that keep the data:</p>
      <ul className="flex flex-col gap-1">
        {referenceLinks.map(({ label, href }) => (
          <li key={href}>
            <a href={href} className="underline">
              {label}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

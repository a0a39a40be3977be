/** The foot of the operator's help and errors: whom to ask, and where to read on. */
import { referenceLinks, supportContacts } from '@/lib/platform/help';

/** One line: "Help: data-team@… · Slack #… · https://…". */
export function contactsText(): string {
  const { email, slack, documentation } = supportContacts();
  return `Help: ${[email, slack && `Slack ${slack}`, documentation].filter(Boolean).join(' · ')}`;
}

/** The reference links, one a line. */
export const referencesText = (): string =>
  ['Read on:', ...referenceLinks.map(({ label, href }) => `  ${label.padEnd(32)} ${href}`)].join('\n');

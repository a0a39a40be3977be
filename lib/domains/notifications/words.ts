/** Words of messages: dates, names of strangers made harmless, roles as people read them. */
import { withoutHiddenSigns } from '@/lib/kernel/names';
import type { Role } from '@/lib/kernel/permissions';

export const roleWords: Record<Role, string> = {
  OWNER: 'Owner',
  ADMIN: 'Admin',
  COLLABORATOR: 'Collaborator',
  VIEWER: 'Viewer',
};

const dayFormat = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
});
const timeFormat = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' });

/** `21 Nov 2026`, of an instant or a yyyy-mm-dd day, in UTC. */
export const dayWords = (when: string): string => dayFormat.format(new Date(when)).replace('Sept', 'Sep');

const monthFormat = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' });
/** `November 2026`, of the month's first day. */
export const monthWords = (firstDay: string): string => monthFormat.format(new Date(firstDay));

/** `21 Nov 2026, 02:09 UTC`. */
export const instantWords = (when: string): string => `${dayWords(when)}, ${timeFormat.format(new Date(when))} UTC`;

/** `today`, `in 1 day`, `in 7 days`. */
export const inDaysWords = (days: number): string =>
  days === 0 ? 'today' : `in ${days} ${days === 1 ? 'day' : 'days'}`;

/** `$199.00`, `€49.00`. */
export const moneyWords = (amountCents: number, currency: string): string =>
  new Intl.NumberFormat('en-US', { style: 'currency', currency }).format(amountCents / 100);

/** Text that someone typed, fit for a mail: one line, no hidden signs, at most `longest` characters. */
export function oneLine(text: string, longest = 80): string {
  const signs = [...withoutHiddenSigns(text)];
  return signs.length > longest ? `${signs.slice(0, longest - 1).join('')}…` : signs.join('');
}

/** Where mail programs see an address of the web, of a person or of a telephone begin or go on. */
const linkJoint = /([.:@\uff0e\u3002\uff61])(?=\S)/gu;

/**
 * A text that someone else chose, in a mail in our name: no mail program makes a link of it, so that a name cannot carry
 * an advertisement. It reads as before: what is put in (U+2060, word joiner) has no width.
 */
export const harmless = (text: string, longest = 80): string => oneLine(text, longest).replace(linkJoint, '$1\u2060');

/** A text with each address in it cut to its first letter and its domain: `m…@example.com`. */
export const shortAddresses = (text: string): string =>
  text.replace(/([^\s@<>()[\]",;:])[^\s@<>()[\]",;:]*@(?=[^\s@])/gu, '$1…@');

/** Words of messages: dates, names of strangers made harmless, roles as people read them. */
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

/** `21 Nov 2026, 02:09 UTC`. */
export const instantWords = (when: string): string => `${dayWords(when)}, ${timeFormat.format(new Date(when))} UTC`;

/** `today`, `in 1 day`, `in 7 days`. */
export const inDaysWords = (days: number): string =>
  days === 0 ? 'today' : `in ${days} ${days === 1 ? 'day' : 'days'}`;

/** `$199.00`, `€49.00`. */
export const moneyWords = (amountCents: number, currency: string): string =>
  new Intl.NumberFormat('en-US', { style: 'currency', currency }).format(amountCents / 100);

const invisible = /[\p{Cc}\p{Cs}\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/gu;

/** Text that someone typed, fit for a mail: one line, no hidden signs, at most `longest` characters. */
export function oneLine(text: string, longest = 80): string {
  const line = text.replace(invisible, ' ').replace(/\s+/g, ' ').trim();
  const signs = [...line];
  return signs.length > longest ? `${signs.slice(0, longest - 1).join('')}…` : line;
}

/**
 * A stranger's name in a mail in our name: no mail program makes a link of it, so that an invitation cannot carry an
 * advertisement. Addresses stay as they are: they belong to people who have signed in.
 */
export function harmless(text: string): string {
  const line = oneLine(text);
  return /^[^\s@/]+@[^\s@/]+$/.test(line) ? line : line.replace(/([.:])(?=[\p{L}\p{N}/])/gu, '$1\u2060');
}

/** A text with each address in it cut to its first letter and its domain: `m…@example.com`. */
export const shortAddresses = (text: string): string =>
  text.replace(/([^\s@<>()[\]",;:])[^\s@<>()[\]",;:]*@(?=[^\s@])/gu, '$1…@');

/** Rules of the team: what counts as an address to invite, how long an invitation is good, what state it is in. Pure. */
import type { Role } from '@/lib/kernel/permissions';

const dayMs = 86_400_000;

/** Life of an invitation, from its last sending. Source: docs/architecture.md, Team. */
export const invitationDays = 7;
export const longestAddress = 254;
/** Most addresses one submission may name. */
export const mostAddresses = 50;

export const invitationExpiry = (now: Date): Date => new Date(now.getTime() + invitationDays * dayMs);

/** The roles as people read them. */
export const roleWords: Record<Role, string> = {
  OWNER: 'Owner',
  ADMIN: 'Admin',
  COLLABORATOR: 'Collaborator',
  VIEWER: 'Viewer',
};

/** Addresses in a text: one a line, or between commas or semicolons; lower case, each once. */
export function splitAddresses(text: string): string[] {
  const parts = text.split(/[\r\n,;]+/).map(part => part.trim().toLowerCase());
  return [...new Set(parts.filter(Boolean))];
}

/** A quotation of what was typed, short enough for a sentence. */
const quoted = (text: string): string => `“${[...text].length > 60 ? `${[...text].slice(0, 60).join('')}…` : text}”`;

/** Why a text is no address that can be invited, in one sentence; null for a sound one. */
export function addressProblem(text: string): string | null {
  if (text === '') return 'Give an address such as mia@example.com.';
  // O'Brien's apostrophe stands between letters; at the end of a name it is a quote around the address.
  if (/[<>"`()[\]\\]|(?<![a-z0-9])'|'(?![a-z0-9])/i.test(text))
    return `${quoted(text)} is not an address. Write mia@example.com, without a name, brackets or quotes.`;
  // Letters of other scripts look like Latin ones, and hidden signs look like nothing: both could lead to a stranger.
  if (/[^\x20-\x7e]/u.test(text))
    return `${quoted(text)} has signs other than plain a–z letters and digits. Type the address by hand.`;
  if (/[,;]/.test(text)) return `${quoted(text)} holds more than one address. Give each one separately.`;
  if (/\s/.test(text)) return `${quoted(text)} has a space in it. Put each address on a line of its own.`;
  if (text.length > longestAddress) return `${quoted(text)} is longer than ${longestAddress} characters.`;
  if (
    !/^[a-z0-9!#$%&'*+/=?^_{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_{|}~-]+)*@([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]([a-z0-9-]*[a-z0-9])$/i.test(
      text,
    )
  )
    return `${quoted(text)} is not an address. Write it as mia@example.com.`;
  return null;
}

/**
 * The sentence for addresses that had all their invitations of the day. It says the same whoever sent them: what other
 * organizations do is nobody's business.
 */
export const invitedTooOften = (emails: readonly string[]): string =>
  `No more invitations can be sent to ${emails.join(', ')} for now. Try again tomorrow.`;

export type InvitationState = 'open' | 'expired' | 'used' | 'cancelled';

/** State of an invitation at `now`; a row without one of its own counts as used. */
export function invitationState(
  row: { status: string; joinedAt: Date | null; invitationExpiresAt: Date | null },
  now: Date,
): InvitationState {
  if (row.status === 'INVITED') return row.invitationExpiresAt && row.invitationExpiresAt > now ? 'open' : 'expired';
  return row.status === 'REMOVED' && row.joinedAt === null ? 'cancelled' : 'used';
}

/** The sentence for someone who finds no free seat. Source: docs/ui.md, Team. */
export function seatsFull({ used, limit }: { used: number; limit: number }): string {
  if (used <= limit) return `All ${limit} seats are used. Cancel an invitation, remove a member, or change the plan.`;
  return `The plan has ${limit} seats and ${used} are used. Cancel ${used - limit + 1} invitations or remove as many members, or change the plan.`;
}

/** The sentence for a customer with more seats in use than its plan has; null where they fit. Nobody leaves by themselves. */
export function seatsOver({ used, limit }: { used: number; limit: number }): string | null {
  if (used <= limit) return null;
  const over = used - limit;
  return `The plan has ${limit} seats and ${used} are used. Everybody keeps theirs, but nobody new can be invited or join until ${over === 1 ? 'one is' : `${over} are`} free: an owner chooses whom to remove, or changes the plan.`;
}

/** The sentence for an invited person who finds no seat any more, with whom to ask. */
export function noSeatToJoin(
  { members, limit }: { members: number; limit: number },
  owners: readonly string[],
): string {
  const whom = owners.length > 0 ? owners.join(' or ') : 'an owner';
  return `The plan of this organization has ${limit} seats and ${members} members have them. Ask ${whom} to free a seat or to change the plan, then accept again.`;
}

/** The sentence for more addresses than seats: "2 invitations, 1 seat left. Remove one or change the plan." */
export function seatsShort(needed: number, free: number): string {
  const over = needed - free;
  const seats = free === 1 ? '1 seat' : `${free} seats`;
  return `${needed} invitations, ${seats} left. Remove ${over === 1 ? 'one' : over} or change the plan.`;
}

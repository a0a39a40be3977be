/** What callers may send about members. */
import { z } from 'zod';
import { displayName } from '@/lib/domains/customers/input';
import { addressProblem, mostAddresses } from '@/lib/domains/team/rules';
import { lineInput } from '@/lib/kernel/names';
import { roles } from '@/lib/kernel/permissions';
import { isZone } from '@/lib/platform/cron';

const role = z.enum(roles, { error: `Choose one of ${roles.join(', ')}.` });

/** Plain text that Postgres can compare; anything else cannot be an id. */
export const memberId = z.string().regex(/^[\w-]{1,64}$/, 'This is not the id of a member.');

/** An address to invite, in lower case; what looks like another one is refused with a sentence. */
const invitedAddress = z
  .string({ error: 'Give an address such as mia@example.com.' })
  .max(2_000, { error: 'This is far too long for an address.', abort: true })
  .trim()
  .toLowerCase()
  .superRefine((text, check) => {
    const problem = addressProblem(text);
    if (problem) check.addIssue({ code: 'custom', message: problem });
  });

export const inviteInput = z.strictObject({
  emails: z
    .array(invitedAddress, { error: 'Give at least one address.' })
    .min(1, 'Give at least one address.')
    .max(mostAddresses, `Invite at most ${mostAddresses} people at once.`)
    .transform(emails => [...new Set(emails)]),
  role,
  /** What happens where there are fewer free seats than addresses: invite the first ones, or nobody. */
  when_short: z.enum(['send_what_fits', 'refuse']).default('send_what_fits'),
});

export const invitationInput = z.strictObject({ member_id: memberId });

/** 256 random bits in base64url. */
export const invitationToken = z.string().regex(/^[\w-]{43}$/, 'This is not an invitation link.');

/** By the mail's link, or, for one who is signed in as the invited address, by the invitation itself. */
export const acceptInput = z.union([
  z.strictObject({ token: invitationToken }),
  z.strictObject({ member_id: memberId }),
]);

export const changeRoleInput = z.strictObject({
  member_id: memberId,
  role,
  /** Must be true to change one's own role. */
  confirm_own: z.boolean().default(false),
});

export const removeMemberInput = z.strictObject({
  member_id: memberId,
  reason: lineInput(400).optional(),
});

export const leaveInput = z.strictObject({});

export const transferInput = z.strictObject({ member_id: memberId });

export const addMemberInput = z.strictObject({
  email: z.email('Give an address such as mia@example.com.').max(254).toLowerCase(),
  full_name: displayName.nullable().default(null),
  role,
});

/** relative: "6 min ago" in lists; exact: the instant in UTC everywhere; local: the instant by the clock of a zone. */
export const timeDisplays = ['relative', 'exact', 'local'] as const;

export const updateProfileInput = z.strictObject({
  time_display: z.enum(timeDisplays, { error: `Choose one of ${timeDisplays.join(', ')}.` }),
  /** Left out it stays; null is the browser's zone. */
  time_zone: z.string().max(64).refine(isZone, 'This is not a time zone, such as Europe/Berlin.').nullable().optional(),
});

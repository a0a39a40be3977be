/** What callers may send about members. */
import { z } from 'zod';
import { displayName } from '@/lib/domains/customers/input';
import { roles } from '@/lib/kernel/permissions';

export const addMemberInput = z.strictObject({
  email: z.email('Give an address such as mia@example.com.').max(254).toLowerCase(),
  full_name: displayName.nullable().default(null),
  role: z.enum(roles, { error: `Choose one of ${roles.join(', ')}.` }),
});

/** relative: "6 min ago" in lists; exact: the instant in UTC everywhere. */
export const timeDisplays = ['relative', 'exact'] as const;
export type TimeDisplay = (typeof timeDisplays)[number];

export const updateProfileInput = z.strictObject({
  time_display: z.enum(timeDisplays, { error: `Choose one of ${timeDisplays.join(', ')}.` }),
});

/** What callers may send about customers. */
import { z } from 'zod';
import { planNames } from '@/lib/domains/subscriptions/rules';

const unprintable = /[\p{Cc}\p{Cs}\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/u;

/** A company's or person's name in any script: 1 to 80 characters after trimming. */
export const displayName = z
  .string({ error: 'Give a name.' })
  .max(400, 'Use at most 80 characters.')
  .trim()
  .refine(name => name.length > 0, 'Give a name.')
  .refine(name => [...name].length <= 80, 'Use at most 80 characters.')
  .refine(name => !unprintable.test(name), 'Control characters are not allowed.');

export const createCustomerInput = z.strictObject({
  company_name: displayName,
  plan: z.enum(planNames, { error: `Choose one of ${planNames.join(', ')}.` }),
  owner_email: z.email('Give an address such as mia@example.com.').max(254).toLowerCase(),
  owner_name: displayName.nullable().default(null),
});

/** What callers may send about customers. */
import { z } from 'zod';
import { planNames } from '@/lib/domains/subscriptions/rules';
import { nameInput } from '@/lib/kernel/names';

/** A company's or person's name in any script. */
export const displayName = nameInput('Give a name.');

export const createCustomerInput = z.strictObject({
  company_name: displayName,
  plan: z.enum(planNames, { error: `Choose one of ${planNames.join(', ')}.` }),
  owner_email: z.email('Give an address such as mia@example.com.').max(254).toLowerCase(),
  owner_name: displayName.nullable().default(null),
});

/** Random text of a rendered form; the same one again is the same submission. */
const requestToken = z.string().regex(/^[\w.-]{8,80}$/, 'Reload the page and try again.');

export const planChoice = z.enum(planNames, { error: `Choose one of ${planNames.join(', ')}.` });

export const signUpInput = z.strictObject({
  company_name: displayName,
  plan: planChoice,
  request_token: requestToken.optional(),
});

const billingEmail = z
  .string({ error: 'Give an address such as billing@example.com.' })
  .trim()
  .max(254, 'Use at most 254 characters.')
  .toLowerCase()
  .pipe(z.email('Give an address such as billing@example.com.'));

/** Digits as people write them: +49 (30) 1234-567. */
const phoneNumber = z
  .string()
  .trim()
  .max(40, 'Use at most 40 characters.')
  .refine(text => text === '' || /^\+?[0-9 ()./-]+$/.test(text), 'Use digits, spaces and + ( ) . / - only.')
  .refine(text => text === '' || text.replace(/\D/g, '').length >= 5, 'Give at least 5 digits.')
  .refine(text => text.replace(/\D/g, '').length <= 15, 'Give at most 15 digits.')
  .transform(text => text || null);

/** What is left out stays as it is; an empty phone number removes it. */
export const updateOrganizationInput = z
  .strictObject({
    company_name: displayName.optional(),
    billing_email: billingEmail.optional(),
    phone_number: phoneNumber.nullable().optional(),
  })
  .refine(input => Object.values(input).some(value => value !== undefined), 'Name at least one field.');

export const requestDeletionInput = z.strictObject({
  /** The organization's name as it is shown. */
  confirm: z.string({ error: 'Type the name of the organization.' }).max(400).trim(),
});

/** What callers may send about API keys; forms and JSON alike. Names are those of the JSON documents. */
import { z } from 'zod';
import { credentialId } from '@/lib/domains/credentials/input';
import { maxCredentials } from '@/lib/domains/credentials/rules';
import { callDaysKept, graceChoices, keyPresets, presetRules, rateTiers } from '@/lib/domains/keys/rules';
import { lineInput, nameInput } from '@/lib/kernel/names';
import { customerScopes, type Permission, serviceScopes } from '@/lib/kernel/permissions';
import { named } from '@/lib/platform/input-messages';

export const keyName = nameInput('Give the key a name.');

/** Plain text that Postgres can compare; anything else cannot be an id. */
export const keyId = z.string().regex(/^[\w-]{1,64}$/, 'This is not the id of an API key.');
const reason = lineInput(400);

const scopesFrom = (known: Permission[]) =>
  z
    .array(z.enum(known, { error: issue => `${named(issue.input)} is not a scope of such a key.` }), {
      error: 'Choose at least one scope.',
    })
    .min(1, 'Choose at least one scope.')
    .max(known.length, 'A scope is named more than once.')
    .transform(scopes => known.filter(scope => scopes.includes(scope)));

/** An instant with its offset, as `2026-12-01T00:00:00Z`; null means never. */
const expiresAt = z.iso
  .datetime({ offset: true, error: 'Use a time such as 2026-12-01T00:00:00Z, or null for never.' })
  .transform(text => new Date(text))
  .refine(instant => !Number.isNaN(instant.getTime()), 'This time does not exist.')
  .nullable()
  .default(null);

/** Names one submission of a form, so that a double click makes one key. */
const requestToken = z
  .string()
  .regex(/^[\x21-\x7e]{8,80}$/)
  .optional();

/** The stored credentials that a key may fetch; null means any of the customer's. */
const credentialIds = z
  .array(credentialId)
  .min(1, 'Name at least one credential, or null for all.')
  .max(maxCredentials, `Name at most ${maxCredentials} credentials.`)
  .transform(ids => [...new Set(ids)])
  .nullable()
  .default(null);

const keyFields = z.strictObject({
  name: keyName,
  /** Scopes by what the key is for, in the place of a list. */
  preset: z.enum(keyPresets, { error: `Choose one of ${keyPresets.join(', ')}, or name scopes.` }).optional(),
  scopes: scopesFrom(customerScopes).optional(),
  credential_ids: credentialIds,
  expires_at: expiresAt,
  rate_limit_tier: z.enum(rateTiers, { error: `Choose one of ${rateTiers.join(', ')}.` }).default('STANDARD'),
  request_token: requestToken,
});

/** A new key; its scopes are listed, or those of a preset. */
export const createKeyInput = keyFields
  .refine(key => key.preset !== undefined || key.scopes !== undefined, {
    path: ['scopes'],
    message: 'Choose at least one scope.',
  })
  .refine(key => key.preset === undefined || key.scopes === undefined, {
    path: ['preset'],
    message: 'Give either a preset or scopes.',
  })
  .transform(({ preset, scopes = [], ...key }) => ({
    ...key,
    scopes: preset ? [...presetRules[preset].scopes] : scopes,
  }))
  .refine(key => key.credential_ids === null || key.scopes.includes('credentials:read'), {
    path: ['credential_ids'],
    message: 'Only a key with the scope credentials:read fetches credentials.',
  });

export const renameKeyInput = z.strictObject({ api_key_id: keyId, name: keyName });

const graceSeconds = graceChoices.map(choice => choice.seconds);
export const rotateKeyInput = z.strictObject({
  api_key_id: keyId,
  grace_seconds: z.literal(graceSeconds, { error: `Choose one of ${graceSeconds.join(', ')}.` }).default(86_400),
  request_token: requestToken,
});

export const endGraceInput = z.strictObject({ api_key_id: keyId });

export const revokeKeyInput = z.strictObject({ api_key_id: keyId, reason: reason.optional() });

export const setTierInput = z.strictObject({
  api_key_id: keyId,
  rate_limit_tier: z.enum(rateTiers, { error: `Choose one of ${rateTiers.join(', ')}.` }),
  reason: reason.min(1, 'Say why.'),
});

export const setKeyLimitInput = z.strictObject({
  max_active_keys: z.int('Give a whole number.').min(1, 'Give at least 1.').max(10_000, 'Give at most 10,000.'),
});

export const createServiceKeyInput = z.strictObject({
  name: keyName,
  scopes: scopesFrom(serviceScopes),
  expires_at: expiresAt,
  rate_limit_tier: z.enum(rateTiers).default('UNLIMITED'),
});

export const revokeServiceKeyInput = z.strictObject({ api_key_id: keyId, reason: reason.optional() });

/** How many UTC days of a key's calls are asked for, today included. */
export const keyCallsInput = z.strictObject({
  days: z.coerce
    .number()
    .int('Give a whole number of days.')
    .min(1, 'Give at least 1 day.')
    .max(callDaysKept, `Calls are kept for ${callDaysKept} days.`)
    .default(30),
});

export const statusFilters = ['active', 'expiring', 'expired', 'revoked', 'all'] as const;
export const keySorts = ['created', 'last_used', 'expires'] as const;

/** Filters, order and page of the list; what the address bar holds. */
export const listKeysInput = z.strictObject({
  q: lineInput(80).default(''),
  status: z.enum(statusFilters).default('active'),
  sort: z.enum(keySorts).default('created'),
  dir: z.enum(['asc', 'desc']).default('desc'),
  after: z.string().max(400).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});
export type ListKeysInput = z.output<typeof listKeysInput>;

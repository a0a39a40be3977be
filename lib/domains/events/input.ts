/** What callers may send about event sources; forms and JSON alike. The calls of the SDKs are read in collect/. */
import { z } from 'zod';
import { maxOrigins, maxRequestsPerSecond, receiptOutcomes } from '@/lib/domains/events/rules';
import { isStorable } from '@/lib/kernel/input';
import { nameInput } from '@/lib/kernel/names';

export const sourceName = nameInput('Give the source a name.');

/** Plain text that Postgres can compare; anything else cannot be an id. */
export const sourceId = z.string().regex(/^[\w-]{1,64}$/, 'This is not the id of an event source.');

/** An origin as browsers send it: scheme, host and port, nothing else. */
const origin = z
  .string()
  .trim()
  .transform(text => text.replace(/\/$/, '').toLowerCase())
  .refine(text => /^https?:\/\/[a-z0-9.-]+(:\d{1,5})?$/.test(text), 'Write an origin such as https://www.example.com.');

const requestToken = z
  .string()
  .regex(/^[\x21-\x7e]{8,80}$/)
  .optional();

const settings = {
  redacts_ip: z.boolean(),
  allowed_origins: z
    .array(origin)
    .max(maxOrigins, `Name at most ${maxOrigins} origins.`)
    .transform(origins => [...new Set(origins)]),
  requests_per_second: z.coerce
    .number()
    .int('Give a whole number.')
    .min(1, 'At least 1.')
    .max(maxRequestsPerSecond, `At most ${maxRequestsPerSecond}.`),
};

export const createSourceInput = z.strictObject({
  name: sourceName,
  redacts_ip: settings.redacts_ip.default(false),
  allowed_origins: settings.allowed_origins.default([]),
  requests_per_second: settings.requests_per_second.optional(),
  request_token: requestToken,
});

export const editSourceInput = z.strictObject({
  source_id: sourceId,
  name: sourceName.optional(),
  is_enabled: z.boolean().optional(),
  redacts_ip: settings.redacts_ip.optional(),
  allowed_origins: settings.allowed_origins.optional(),
  requests_per_second: settings.requests_per_second.optional(),
});

/** How long the old write key may go on after a rotation, in seconds: pages that are open keep it. */
export const overlapChoices = [
  { seconds: 0, label: 'Now' },
  { seconds: 86_400, label: '24 hours' },
  { seconds: 604_800, label: '7 days' },
  { seconds: 2_592_000, label: '30 days' },
] as const;
export const defaultOverlapSeconds = 604_800;
const overlapSeconds = overlapChoices.map(choice => choice.seconds);

export const rotateWriteKeyInput = z.strictObject({
  source_id: sourceId,
  /** The current key as the caller saw it, so that a second click makes no second key. */
  write_key: z.string().max(80).optional(),
  overlap_seconds: z
    .literal(overlapSeconds, { error: `Choose one of ${overlapSeconds.join(', ')}.` })
    .default(defaultOverlapSeconds),
});

export const revokeWriteKeyInput = z.strictObject({ source_id: sourceId, write_key: z.string().max(80) });
export const sourceIdInput = z.strictObject({ source_id: sourceId });

/** Null gives the plan's number back. */
export const setEventLimitInput = z.strictObject({
  max_events_per_month: z.int('Give a whole number, or none.').min(0).max(1_000_000_000_000).nullable(),
});

/** What volume is asked of: the last days up to today, of all sources or one. */
export const volumeInput = z.strictObject({
  days: z.coerce.number().int().min(1).max(90).default(30),
  source_id: sourceId.optional(),
});

const searchText = z.string().trim().min(1).max(200).refine(isStorable, 'This cannot be searched for.').optional();

/** The event tail: newest first, at most `limit`; `after` is the cursor of the page before. */
export const tailInput = z.strictObject({
  source_id: sourceId,
  outcome: z.enum(receiptOutcomes).optional(),
  /** Message id, user id, anonymous id or event name, exactly. */
  q: searchText,
  after: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});

export const messageId = z.string().min(1).max(100).refine(isStorable, 'This is no message id.');
export const receiptInput = z.strictObject({ source_id: sourceId.optional() });

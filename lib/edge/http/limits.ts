/** Limits of a call before it does anything: requests a second by the key's tier, requests by browser and by customer. */

import { tierRules } from '@/lib/domains/keys/rules';
import type { KeyHolder } from '@/lib/domains/keys/verify';
import { consume, type LimitAnswer, type LimitRule } from '@/lib/kernel/limits';
import { AppError } from '@/lib/platform/errors';

/** Takes one request of the key's allowance; null where its tier counts nothing. */
export async function takeOfTier(holder: Pick<KeyHolder, 'keyId' | 'rateLimitTier'>): Promise<LimitAnswer | null> {
  const points = tierRules[holder.rateLimitTier].requestsPerSecond;
  if (points === null) return null;
  return consume({ name: `key-${holder.rateLimitTier}`, points, seconds: 1 }, holder.keyId);
}

/** RateLimit header fields of draft-ietf-httpapi-ratelimit-headers-06, which clients know best. */
export function rateLimitHeaders(state: LimitAnswer): Record<string, string> {
  return {
    'ratelimit-limit': String(state.limit),
    'ratelimit-remaining': String(state.remaining),
    'ratelimit-reset': String(state.resetSeconds),
    'ratelimit-policy': `${state.limit};w=1`,
  };
}

/** Takes one request and tells the caller where it stands. Throws AppError rate_limited. */
export async function takeRequest(holder: KeyHolder, headers: Record<string, string>): Promise<void> {
  const state = await takeOfTier(holder);
  if (!state) return;
  Object.assign(headers, rateLimitHeaders(state));
  if (state.allowed) return;
  throw new AppError('rate_limited', `This key may send ${state.limit} requests a second.`, {
    retryAfterSeconds: state.resetSeconds,
  });
}

/** What one browser may ask of the portal: far more than a person clicks, far less than a process can answer. */
const sessionRule = { name: 'session', points: 200, seconds: 10 };
/** What all browsers and keys of a customer may ask of the portal together; a key's own tier holds besides. */
const customerRule = { name: 'customer', points: 3_000, seconds: 10 };

/** The refusal of whoever is over one of these limits; null while both suffice. */
async function overLimit(rules: [rule: LimitRule, caller: string | null][]): Promise<AppError | null> {
  for (const [rule, caller] of rules) {
    if (caller === null) continue;
    const { allowed, resetSeconds } = await consume(rule, caller);
    if (allowed) continue;
    const who = rule === sessionRule ? 'This browser has' : 'Your organization has';
    const message = `${who} sent more requests than we take at once. Try again in ${resetSeconds} s.`;
    return new AppError('rate_limited', message, { retryAfterSeconds: resetSeconds });
  }
  return null;
}

/** The refusal of a browser's request, counted by session and by customer; null where it may go on. */
export const overBrowserLimit = (sessionId: string, customerId: string | null): Promise<AppError | null> =>
  overLimit([
    [sessionRule, sessionId],
    [customerRule, customerId],
  ]);

/** Takes one request of a browser's and its customer's allowance. Throws AppError rate_limited. */
export async function takeBrowserRequest(sessionId: string, customerId: string | null): Promise<void> {
  const refusal = await overBrowserLimit(sessionId, customerId);
  if (refusal) throw refusal;
}

/** Takes one request of the allowance of a customer whose key calls the portal. Throws AppError rate_limited. */
export async function takeCustomerRequest(customerId: string): Promise<void> {
  const refusal = await overLimit([[customerRule, customerId]]);
  if (refusal) throw refusal;
}

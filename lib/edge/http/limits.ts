/** Limits of a call before it does anything: requests a second by the key's tier, API calls a month by the plan. */

import { tierRules } from '@/lib/domains/keys/rules';
import type { KeyHolder } from '@/lib/domains/keys/verify';
import { consume, type LimitAnswer } from '@/lib/kernel/limits';
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

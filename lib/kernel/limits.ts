/** Request limits of this process (rate-limiter-flexible, in memory): with N processes a caller may reach N times the number. */
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { processWide } from '@/lib/platform/process-wide';

export type LimitRule = { name: string; points: number; seconds: number };
export type LimitAnswer = { allowed: boolean; limit: number; remaining: number; resetSeconds: number };

const limiters = () => processWide('limiters', () => new Map<string, RateLimiterMemory>());

function limiterOf(rule: LimitRule): RateLimiterMemory {
  const known = limiters().get(rule.name);
  if (known) return known;
  const created = new RateLimiterMemory({ keyPrefix: rule.name, points: rule.points, duration: rule.seconds });
  limiters().set(rule.name, created);
  return created;
}

/** Takes one point of the caller's allowance. */
export async function consume(rule: LimitRule, caller: string): Promise<LimitAnswer> {
  const answer = (state: RateLimiterRes, allowed: boolean): LimitAnswer => ({
    allowed,
    limit: rule.points,
    remaining: Math.max(0, state.remainingPoints),
    resetSeconds: Math.max(1, Math.ceil(state.msBeforeNext / 1000)),
  });
  try {
    return answer(await limiterOf(rule).consume(caller), true);
  } catch (refused) {
    if (refused instanceof RateLimiterRes) return answer(refused, false);
    throw refused;
  }
}

/**
 * The one place of request limits and budgets (rate-limiter-flexible). Counts live in this process, where a look costs no
 * wait, or in Redis where REDIS_URL is set, so that all processes keep one limit. While Redis is away each process counts
 * for itself; a request never fails, nor waits, for its limiter.
 */
import { RateLimiterMemory, RateLimiterRedis, type RateLimiterRes } from 'rate-limiter-flexible';
import { metrics } from '@/lib/platform/metrics';
import { processWide } from '@/lib/platform/process-wide';
import { noteRedisFailure, redisIsReady, sharedRedis } from '@/lib/platform/redis';

/** `points` in each window of `seconds`, counted by caller under `name`. */
export type LimitRule = { name: string; points: number; seconds: number };

export type LimitAnswer = {
  allowed: boolean;
  limit: number;
  /** Points left in the window. */
  remaining: number;
  /** Until the window starts anew; what a Retry-After says. */
  resetSeconds: number;
};

type Limiter = { local: RateLimiterMemory; shared: RateLimiterRedis | null };

const limiters = () => processWide('limiters', () => new Map<string, Limiter>());

/** Rules of one name share their counts, also where the points differ, as by customer; the limiter is kept by both. */
function limiterOf(rule: LimitRule): Limiter {
  const name = `${rule.name}/${rule.points}/${rule.seconds}`;
  const known = limiters().get(name);
  if (known) return known;
  const options = { keyPrefix: rule.name, points: rule.points, duration: rule.seconds };
  const redis = sharedRedis();
  const created: Limiter = {
    local: new RateLimiterMemory(options),
    // Who is over the limit is refused from memory until the window ends.
    shared: redis
      ? new RateLimiterRedis({
          ...options,
          keyPrefix: `tenantry:${rule.name}`,
          storeClient: redis,
          inMemoryBlockOnConsumed: rule.points + 1,
        })
      : null,
  };
  limiters().set(name, created);
  return created;
}

/**
 * The library throws its answer where the points do not suffice, and errors for all else. The class of the answer says
 * nothing: Next bundles the library once for pages and once for proxy.ts, and they share the limiters.
 */
async function taken(limiter: RateLimiterMemory | RateLimiterRedis, caller: string, points: number) {
  try {
    return { state: await limiter.consume(caller, points), allowed: true };
  } catch (refused) {
    if (refused instanceof Error) throw refused;
    return { state: refused as RateLimiterRes, allowed: false };
  }
}

async function takenOf({ local, shared }: Limiter, caller: string, points: number) {
  if (shared && redisIsReady()) {
    try {
      return await taken(shared, caller, points);
    } catch (error) {
      noteRedisFailure(error);
    }
  }
  if (shared) metrics().limitsWithoutRedis.inc();
  return taken(local, caller, points);
}

/**
 * Takes `points` (one, unless said) of the caller's allowance and says where it stands; over the limit nothing is thrown,
 * `allowed` is false. The caller is any text: a key's id, a customer's, a network.
 * For a budget of work rather than of requests, take a point when the work is about to be done:
 * `if (!(await consume({ name: 'warehouse-reads', points: 60, seconds: 60 }, customerId)).allowed) return lastRows;`
 */
export async function consume(rule: LimitRule, caller: string, points = 1): Promise<LimitAnswer> {
  const { state, allowed } = await takenOf(limiterOf(rule), caller, points);
  return {
    allowed,
    limit: rule.points,
    remaining: Math.max(0, state.remainingPoints),
    resetSeconds: Math.max(1, Math.ceil(state.msBeforeNext / 1000)),
  };
}

/**
 * Whether a customer may send more events this month, for each call at the door: known for 5 seconds, with what this process
 * has let through since. Source: docs/architecture.md, Event collection.
 */
import { LRUCache } from 'lru-cache';
import { type MonthUse, readMonthUse } from '@/lib/domains/events/volume/month-use';
import { nextUtcMonth, secondsUntil } from '@/lib/domains/quotas/rules';
import { type Clock, systemClock, utcMonth } from '@/lib/platform/clock';
import { AppError } from '@/lib/platform/errors';
import { processWide } from '@/lib/platform/process-wide';

const keptMs = 5_000;
/** Events that were let through and are not counted after this long were sent twice, or are on no worker's way. */
const countedWithinMs = 5 * 60_000;

type Known = MonthUse & {
  readAt: number;
  /** Let through by this process and not yet among the counted ones, since when. */
  waiting: number;
  waitingSince: number;
};

const state = () =>
  processWide('event-limits', () => ({
    known: new LRUCache<string, Known>({ max: 50_000 }),
    asked: new Map<string, Promise<Known>>(),
  }));

/** What is still waiting once `fresh` was read: the count's growth is taken off, and what nobody counts is given up. */
function stillWaiting(known: Known | undefined, fresh: MonthUse, now: number): Pick<Known, 'waiting' | 'waitingSince'> {
  if (!known || known.month !== fresh.month) return { waiting: 0, waitingSince: now };
  const grown = Math.max(0, fresh.used - known.used);
  const waiting = Math.max(0, known.waiting - grown);
  if (waiting === 0 || now - known.waitingSince > countedWithinMs) return { waiting: 0, waitingSince: now };
  return { waiting, waitingSince: grown > 0 ? now : known.waitingSince };
}

async function ask(customerId: string, now: Date): Promise<Known> {
  const fresh = await readMonthUse(customerId, now);
  const { known } = state();
  const readAt = now.getTime();
  const next = { ...fresh, readAt, ...stillWaiting(known.get(customerId), fresh, readAt) };
  known.set(customerId, next);
  return next;
}

function askOnce(customerId: string, now: Date): Promise<Known> {
  const { asked } = state();
  const running = asked.get(customerId);
  if (running) return running;
  const question = ask(customerId, now).finally(() => asked.delete(customerId));
  asked.set(customerId, question);
  return question;
}

async function knownOf(customerId: string, now: Date): Promise<Known> {
  const known = state().known.get(customerId);
  const age = known && now.getTime() - known.readAt;
  return known && known.month === utcMonth(now) && age !== undefined && age >= 0 && age < keptMs
    ? known
    : askOnce(customerId, now);
}

const words = {
  customer_suspended: 'This organization is suspended. Write to us.',
  subscription_inactive: 'Events are not taken because the subscription is not active.',
};

/**
 * Counts `count` events as let through, or answers why none is: AppError usage_exceeded with seconds to the end of the month
 * once all are used (the last request may pass the limit by what it brings, and processes learn of one another's within
 * seconds), customer_suspended, subscription_inactive. Throws where Postgres is down.
 */
export async function mayTakeEvents(
  customerId: string,
  count: number,
  clock: Clock = systemClock,
): Promise<AppError | null> {
  const now = clock();
  const known = await knownOf(customerId, now);
  if (known.refusal) return new AppError(known.refusal, words[known.refusal]);
  if (known.used + known.waiting >= known.limit)
    return new AppError(
      'usage_exceeded',
      'All events of this month are used. The count starts again on the 1st, UTC.',
      {
        retryAfterSeconds: secondsUntil(nextUtcMonth(now), now),
        details: { period: 'month', events_month_limit: known.limit },
      },
    );
  if (known.waiting === 0) known.waitingSince = now.getTime();
  known.waiting += count;
  return null;
}

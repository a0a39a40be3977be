/** How many connection tests there may be: they cost a call to a provider, and could be used to try stolen keys. */
import { actorLabel, type Ctx, requireCustomer } from '@/lib/kernel/ctx';
import { consume, type LimitRule } from '@/lib/kernel/limits';
import { BoundedConcurrency } from '@/lib/platform/bounded-concurrency';
import { AppError } from '@/lib/platform/errors';
import { processWide } from '@/lib/platform/process-wide';

/** By customer, and by the person or key that asks. */
export const testsOfCustomer: LimitRule = { name: 'credential-tests-customer', points: 20, seconds: 60 };
export const testsOfCaller: LimitRule = { name: 'credential-tests-caller', points: 10, seconds: 60 };

/** Tests of this process at the same time; each holds a connection for up to 10 s. */
const atOnce = { atOnce: 8, waiting: 32 };
const waitMs = 5_000;
/** The weekly job has time. */
const jobWaitMs = 60_000;

const places = (): BoundedConcurrency => processWide('credential-tests', () => new BoundedConcurrency(atOnce));

async function takePoint(rule: LimitRule, caller: string): Promise<void> {
  const { allowed, resetSeconds } = await consume(rule, caller);
  if (allowed) return;
  const message = `Too many credentials were tested in the last minute. Try again in ${resetSeconds} s.`;
  throw new AppError('rate_limited', message, { retryAfterSeconds: resetSeconds });
}

/** Does one test within the limits. Throws AppError rate_limited. */
export async function withinAllowance<Result>(ctx: Ctx, test: () => Promise<Result>): Promise<Result> {
  const { customerId } = requireCustomer(ctx);
  const isJob = ctx.actor.type === 'system';
  if (!isJob) {
    await takePoint(testsOfCaller, `${customerId}:${actorLabel(ctx.actor)}`);
    await takePoint(testsOfCustomer, customerId);
  }
  if (!(await places().enter(isJob ? jobWaitMs : waitMs)))
    throw new AppError('rate_limited', 'Many credentials are being tested. Try again shortly.', {
      retryAfterSeconds: 5,
    });
  try {
    return await test();
  } finally {
    places().leave();
  }
}

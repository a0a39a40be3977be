/** Bounds how much holds a database connection while Stripe is asked for a person: a slow Stripe leaves connections to all else. */

import { BoundedConcurrency } from '@/lib/platform/bounded-concurrency';
import { env } from '@/lib/platform/env';
import { AppError } from '@/lib/platform/errors';
import { processWide } from '@/lib/platform/process-wide';

/** Connections that people's calls to Stripe hold at most, in this process. */
const mostAtOnce = 3;
/** A double click and further tabs; they wait without a connection. */
const ofOneCustomer = { atOnce: 1, waiting: 5 };
/** Each of the two queues is left after this time, so that a visitor hears within seconds. */
const patienceMs = 3_000;
const retryAfterSeconds = 5;

type Queues = { all: BoundedConcurrency; byCustomer: Map<string, BoundedConcurrency> };

const queues = (): Queues =>
  processWide('stripe-concurrency', () => ({
    all: new BoundedConcurrency({
      atOnce: Math.max(1, Math.min(mostAtOnce, env().DATABASE_POOL_SIZE - 2)),
      waiting: Number.POSITIVE_INFINITY,
    }),
    byCustomer: new Map(),
  }));

/** What a person hears while another change of the same customer's billing goes on. */
export const changeUnderWay = (cause?: unknown): AppError =>
  new AppError('conflict', 'Another change of the plan is under way. Wait a moment and reload the page.', {
    retryAfterSeconds,
    cause,
  });

/**
 * Runs `work`, which may hold a connection while it asks Stripe: one at a time of a customer and few of all in this
 * process. AppError conflict where another change of the customer's takes long, payment_service_unavailable where Stripe
 * keeps all others waiting; nothing was begun then. Not to be called within itself. Workers that process events have a
 * bound of their own.
 */
export async function withStripeSlot<Result>(customerId: string, work: () => Promise<Result>): Promise<Result> {
  const { all, byCustomer } = queues();
  const own = byCustomer.get(customerId) ?? new BoundedConcurrency(ofOneCustomer);
  byCustomer.set(customerId, own);
  if (!(await own.enter(patienceMs))) throw changeUnderWay();
  try {
    if (!(await all.enter(patienceMs)))
      throw new AppError(
        'payment_service_unavailable',
        'Stripe answers slowly at the moment. Nothing was changed. Try again in a moment.',
        { retryAfterSeconds },
      );
    return await work().finally(() => all.leave());
  } finally {
    own.leave();
    if (own.isIdle) byCustomer.delete(customerId);
  }
}

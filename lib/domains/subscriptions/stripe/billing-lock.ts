/** One change of a customer's billing at a time, in whatever process: what is read in Stripe holds until it is changed. */

import { sql } from 'drizzle-orm';
import { changeUnderWay, withStripeSlot } from '@/lib/domains/subscriptions/stripe/stripe-concurrency';
import { takeLock } from '@/lib/kernel/locks';
import { db, type Tx } from '@/lib/platform/db';
import { isLockTimeout } from '@/lib/platform/errors';

/**
 * Runs `work` while no other change of this customer's billing runs. `tx` may be used for syncSubscription, last of all:
 * a row that it locks must not wait for Stripe. AppError conflict when another change takes long,
 * payment_service_unavailable when Stripe keeps too many waiting; nothing was begun then.
 */
export async function withBillingLock<Result>(customerId: string, work: (tx: Tx) => Promise<Result>): Promise<Result> {
  const locked = async (tx: Tx) => {
    // Several calls to a slow Stripe come one after the other here, without a statement between them.
    await tx.execute(sql`SET LOCAL idle_in_transaction_session_timeout = '60s'`);
    try {
      await takeLock(tx, 'billing', customerId);
    } catch (error) {
      throw isLockTimeout(error) ? changeUnderWay(error) : error;
    }
    return work(tx);
  };
  return withStripeSlot(customerId, () => db().transaction(locked));
}

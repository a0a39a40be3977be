/** One change of a customer's billing at a time, in whatever process: what is read in Stripe holds until it is changed. */
import { sql } from 'drizzle-orm';
import { db, type Tx } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

const lockNotAvailable = '55P03';

const isLockTimeout = (error: unknown): boolean => {
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if ((cause as { code?: unknown }).code === lockNotAvailable) return true;
  return false;
};

/**
 * Runs `work` while no other change of this customer's billing runs. `tx` may be used for syncSubscription, last of all:
 * a row that it locks must not wait for Stripe. Throws AppError conflict when another change takes long.
 */
export async function oneAtATime<Result>(customerId: string, work: (tx: Tx) => Promise<Result>): Promise<Result> {
  return db().transaction(async tx => {
    // Several calls to a slow Stripe come one after the other here, without a statement between them.
    await tx.execute(sql`SET LOCAL idle_in_transaction_session_timeout = '60s'`);
    try {
      await tx.execute(sql`SELECT pg_advisory_xact_lock(hashtextextended(${`billing:${customerId}`}, 0))`);
    } catch (error) {
      if (!isLockTimeout(error)) throw error;
      throw new AppError('conflict', 'Another change of the plan is under way. Wait a moment and reload the page.', {
        cause: error,
      });
    }
    return work(tx);
  });
}

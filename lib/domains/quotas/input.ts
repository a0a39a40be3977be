/** What the product itself sets of a customer's limits. */
import { z } from 'zod';

const limit = z.int().min(0).max(1_000_000);

/** Limits of a customer; a key that is left out stays as it is, null is without limit. */
export const limitsInput = z.strictObject({
  dailyLimit: limit.optional(),
  monthlyLimit: z.int().min(0).max(100_000_000).nullable().optional(),
  concurrentLimit: limit.optional(),
  apiCallsMonthLimit: z.int().min(0).max(1_000_000_000_000).nullable().optional(),
  /** Why no run may start; null lets runs start again. */
  refusalReason: z.enum(['subscription_inactive', 'customer_suspended']).nullable().optional(),
});
export type LimitChanges = z.output<typeof limitsInput>;

/** Which of a customer's subscriptions counts: the newest. */
import { desc, eq } from 'drizzle-orm';
import { type Subscription, subscriptions } from '@/lib/domains/subscriptions/tables';
import type { Db, Tx } from '@/lib/platform/db';

/** The current row; `lock` holds it until the transaction ends. Throws when there is none: a customer is made with one. */
export async function currentSubscription(
  store: Db | Tx,
  customerId: string,
  options: { lock?: boolean } = {},
): Promise<Subscription> {
  const read = store
    .select()
    .from(subscriptions)
    .where(eq(subscriptions.customerId, customerId))
    .orderBy(desc(subscriptions.createdAt))
    .limit(1);
  const [row] = await (options.lock ? read.for('update') : read);
  if (!row) throw new Error(`the customer ${customerId} has no subscription`);
  return row;
}

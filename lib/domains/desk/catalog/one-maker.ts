/** One call at a time makes the views of a customer; the others wait for it, so that BigQuery is asked for each view once. */
import { openSession } from '@/lib/kernel/lock-session';
import { AppError } from '@/lib/platform/errors';
import { processWide } from '@/lib/platform/process-wide';

/** Longest wait for another process that makes views of the customer. */
const waitMs = 60_000;

/** What this process makes now, by customer. */
const underWay = () => processWide('desk-views-under-way', () => new Map<string, Promise<void>>());

async function withLock(customerId: string, make: () => Promise<void>): Promise<void> {
  const session = await openSession('deskViews');
  try {
    if (await session.lockWithin(customerId, waitMs)) return await make();
  } finally {
    await session.close();
  }
  throw new AppError('warehouse_unavailable', 'Your tables are being prepared. Try again shortly.', {
    retryAfterSeconds: 10,
  });
}

/**
 * Runs `make` while no other process makes views of the customer, and answers true. Where this process makes some already, waits
 * for that and answers false: the caller then looks what is left. What the other one throws is thrown to those that wait too.
 * AppError warehouse_unavailable.
 */
export async function makeAlone(customerId: string, make: () => Promise<void>): Promise<boolean> {
  const other = underWay().get(customerId);
  if (other) {
    await other;
    return false;
  }
  const own = withLock(customerId, make);
  underWay().set(customerId, own);
  try {
    await own;
    return true;
  } finally {
    underWay().delete(customerId);
  }
}

/** Whether an organization's events are taken at all: asked for each call, so what was found is kept for two seconds. */
import { eq } from 'drizzle-orm';
import { LRUCache } from 'lru-cache';
import { quotaCounters } from '@/lib/domains/quotas/tables';
import { db } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';
import { processWide } from '@/lib/platform/process-wide';

type Standing = { refusal: string | null };

const keptMs = 2_000;
const kept = () => processWide('event-standing', () => new LRUCache<string, Standing>({ max: 20_000, ttl: keptMs }));

async function ask(customerId: string): Promise<Standing> {
  const [row] = await db()
    .select({ refusal: quotaCounters.refusalReason })
    .from(quotaCounters)
    .where(eq(quotaCounters.customerId, customerId));
  const standing = row ?? { refusal: null };
  kept().set(customerId, standing);
  return standing;
}

/** Throws AppError customer_suspended or subscription_inactive; at most 2 s late. */
export async function requireStanding(customerId: string): Promise<void> {
  const { refusal } = kept().get(customerId) ?? (await ask(customerId));
  if (refusal === 'customer_suspended')
    throw new AppError('customer_suspended', 'This organization is suspended. Write to us.');
  if (refusal !== null)
    throw new AppError('subscription_inactive', 'The organization has no running subscription, so it sends no events.');
}

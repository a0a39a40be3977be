/** GitHub's webhooks of a repository: each delivery once, and all it says is that the repository is to be read now. */
import { and, eq, lt, sql } from 'drizzle-orm';
import { githubDeliveries, type Repository, repositories } from '@/lib/domains/pull-requests/tables';
import { db } from '@/lib/platform/db';

/** How long deliveries are known by their id, in days. */
const keptDays = 30;
const dayMs = 86_400_000;

export type Delivery = { deliveryId: string; event: string; action: string | null };

/** The connected repository of this id, of any customer: its signature says who calls. */
export async function hookedRepository(repositoryId: string): Promise<Repository | undefined> {
  const active = and(eq(repositories.repositoryId, repositoryId), eq(repositories.isActive, true));
  return (await db().select().from(repositories).where(active))[0];
}

/**
 * Stores a verified delivery and has the repository read; false where it came before. A repository that waits for GitHub's
 * limit, or that fails, waits on; looks are at least ten seconds apart. Source: docs/architecture.md, Pull requests.
 */
export function takeDelivery(
  { repositoryId, customerId }: Repository,
  delivery: Delivery,
  now: Date,
): Promise<boolean> {
  return db().transaction(async tx => {
    const stored = await tx
      .insert(githubDeliveries)
      .values({ ...delivery, repositoryId, customerId, receivedAt: now })
      .onConflictDoNothing()
      .returning({ deliveryId: githubDeliveries.deliveryId });
    if (stored.length === 0) return false;
    const at = sql`${now.toISOString()}::timestamptz`;
    const soon = sql`greatest(${at}, last_synced_at + interval '10 seconds')`;
    // Who reads it now may be past what changed, and sees by another instant that he was asked meanwhile.
    const due = sql`CASE WHEN leased_until > ${at} THEN ${soon}
      WHEN state IN ('WAITING', 'SYNCED') THEN least(next_sync_at, ${soon}) ELSE next_sync_at END`;
    const asks = delivery.event !== 'ping';
    await tx
      .update(repositories)
      .set({ lastDeliveryAt: now, ...(asks && { nextSyncAt: due }) })
      .where(eq(repositories.repositoryId, repositoryId));
    return true;
  });
}

/** Forgets deliveries that came longer than 30 days ago; GitHub sends none again after 3. Answers how many. */
export async function forgetDeliveries(now: Date): Promise<number> {
  const before = new Date(now.getTime() - keptDays * dayMs);
  const gone = await db().delete(githubDeliveries).where(lt(githubDeliveries.receivedAt, before));
  return gone.rowCount ?? 0;
}

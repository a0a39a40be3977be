/** A repository is read by one process at a time, and one of a customer's: GitHub asks for one request after the other. */
import { and, eq, sql } from 'drizzle-orm';
import { customers } from '@/lib/domains/customers/tables';
import { LostLease } from '@/lib/domains/pull-requests/sync/sync-failure';
import { type Repository, repositories } from '@/lib/domains/pull-requests/tables';
import { takeLock } from '@/lib/kernel/locks';
import type { Clock } from '@/lib/platform/clock';
import { db, type Tx } from '@/lib/platform/db';
import { newId } from '@/lib/platform/ids';

/** How long a silent process keeps others away; each page that is written extends it. */
const leaseMs = 120_000;

/** A repository to be read, by the one who holds `lease`. */
export type Held = {
  repository: Repository;
  lease: string;
  /** Its next_sync_at as the claim left it: another value says that somebody asked for a reading meanwhile. */
  dueAt: Date;
};

const heldBy = ({ repository, lease }: Held) =>
  and(
    eq(repositories.repositoryId, repository.repositoryId),
    eq(repositories.lease, lease),
    eq(repositories.isActive, true),
  );

const leaseEnd = (at: Date) => new Date(at.getTime() + leaseMs);

async function take(tx: Tx, repositoryId: string, at: Date): Promise<Held | null> {
  const lease = newId('lea');
  const isNew = sql`${repositories.syncStartedAt} IS NULL`;
  const [repository] = await tx
    .update(repositories)
    .set({
      lease,
      leasedUntil: leaseEnd(at),
      nextSyncAt: at,
      syncStartedAt: sql`coalesce(${repositories.syncStartedAt}, ${at})`,
      lastRequests: sql`CASE WHEN ${isNew} THEN 0 ELSE ${repositories.lastRequests} END`,
      lastNotModified: sql`CASE WHEN ${isNew} THEN 0 ELSE ${repositories.lastNotModified} END`,
    })
    .where(eq(repositories.repositoryId, repositoryId))
    .returning();
  return repository ? { repository, lease, dueAt: at } : null;
}

/** None of the customer's repositories is read now. */
const isFree = (at: Date) => sql`NOT EXISTS (
  SELECT 1 FROM repositories AS other
  WHERE other.customer_id = ${repositories.customerId} AND other.leased_until > ${at})`;
/** Of customers who are not, nothing is read. */
export const isInUse = sql`${customers.status} IN ('ACTIVE', 'TRIAL')`;

/** Takes the repository that has been due for the longest; null where none is. `only` narrows it to some customers. */
export async function claimDue({ clock, only }: { clock: Clock; only?: readonly string[] }): Promise<Held | null> {
  return db().transaction(async tx => {
    await takeLock(tx, 'repositoryLease', 'claim');
    const at = clock();
    const asked = only ? sql`${repositories.customerId} = ANY(${sql.param([...only])}::text[])` : undefined;
    const [due] = await tx
      .select({ id: repositories.repositoryId })
      .from(repositories)
      .innerJoin(customers, eq(customers.customerId, repositories.customerId))
      .where(and(eq(repositories.isActive, true), sql`${repositories.nextSyncAt} <= ${at}`, isInUse, isFree(at), asked))
      .orderBy(repositories.nextSyncAt, repositories.repositoryId)
      .limit(1);
    return due ? take(tx, due.id, at) : null;
  });
}

/** Takes this repository, due or not; null while it or another one of its customer is read, or where it is disconnected. */
export async function claimRepository(repositoryId: string, clock: Clock): Promise<Held | null> {
  return db().transaction(async tx => {
    await takeLock(tx, 'repositoryLease', 'claim');
    const at = clock();
    const [free] = await tx
      .select({ id: repositories.repositoryId })
      .from(repositories)
      .where(and(eq(repositories.repositoryId, repositoryId), eq(repositories.isActive, true), isFree(at)));
    return free ? take(tx, free.id, at) : null;
  });
}

/** Writes for whoever still holds the repository, and extends the lease. Throws LostLease, and then nothing was written. */
export async function inLease<Result>(held: Held, clock: Clock, write: (tx: Tx) => Promise<Result>): Promise<Result> {
  return db().transaction(async tx => {
    const kept = await tx
      .update(repositories)
      .set({ leasedUntil: leaseEnd(clock()) })
      .where(heldBy(held))
      .returning({ id: repositories.repositoryId });
    if (kept.length === 0) throw new LostLease();
    return write(tx);
  });
}

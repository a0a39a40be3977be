/** What waits to be read and what fails, for health and metrics: counts over all customers, which name none. */
import { and, eq, inArray, type SQL, sql } from 'drizzle-orm';
import { customers } from '@/lib/domains/customers/tables';
import type { SyncProblem } from '@/lib/domains/pull-requests/rules';
import { isInUse } from '@/lib/domains/pull-requests/sync/lease';
import { repositories } from '@/lib/domains/pull-requests/tables';
import { db } from '@/lib/platform/db';

export type RepositoryBacklog = {
  /** Connected ones, of customers whose repositories are read. */
  connected: number;
  /** Read at this moment. */
  reading: number;
  /** Due and not read yet, and for how many seconds the first of them has been due. */
  due: number;
  lateSeconds: number;
  /** Not read for a quarter of an hour or longer as GitHub or we fail: no customer can mend that. */
  failing: number;
  /** Not read until their customer changes a token or an access. */
  refused: number;
};

/** What is nobody's to mend but GitHub's or ours. */
const beyondCustomers: SyncProblem[] = ['unavailable', 'unreadable'];
/** GitHub is asked again after 1, 2, 4 and 8 minutes: by then a failure is none of a moment. */
const lastingFailures = 4;

/** How reading stands over all customers. */
export async function repositoryBacklog(): Promise<RepositoryBacklog> {
  const { state, problem, failures, nextSyncAt, leasedUntil } = repositories;
  const isRead = sql`coalesce(${leasedUntil} > clock_timestamp(), false)`;
  const isDue = sql`${nextSyncAt} <= clock_timestamp() AND NOT ${isRead}`;
  const isBeyond = inArray(problem, beyondCustomers);
  const isLasting = sql`(${failures} >= ${lastingFailures} OR ${problem} = 'unreadable')`;
  const counted = (which: SQL | undefined) => sql<number>`(count(*) FILTER (WHERE ${which}))::int`;
  const [row] = await db()
    .select({
      connected: sql<number>`count(*)::int`,
      reading: counted(isRead),
      due: counted(isDue),
      lateSeconds: sql<number>`coalesce(extract(epoch FROM clock_timestamp() - min(${nextSyncAt}) FILTER (WHERE ${isDue})), 0)::float8`,
      failing: counted(and(eq(state, 'FAILED'), isBeyond, isLasting)),
      refused: counted(and(eq(state, 'FAILED'), sql`NOT ${isBeyond}`)),
    })
    .from(repositories)
    .innerJoin(customers, eq(customers.customerId, repositories.customerId))
    .where(and(eq(repositories.isActive, true), isInUse));
  return row ?? { connected: 0, reading: 0, due: 0, lateSeconds: 0, failing: 0, refused: 0 };
}

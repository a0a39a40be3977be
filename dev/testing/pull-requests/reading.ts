/** Reads a repository in a test, and what is stored then. */
import { asc, eq } from 'drizzle-orm';
import { syncRepository } from '@/lib/domains/pull-requests/sync/sync-repository';
import { commits, pullRequests } from '@/lib/domains/pull-requests/tables';
import { etlRuns } from '@/lib/domains/traces/tables';
import { type Clock, systemClock } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';

/** Of readings that nobody stops. */
export const unstopped = new AbortController().signal;

/** Reads it to its end, or to where GitHub asks to wait. */
export const sync = (repositoryId: string, clock: Clock = systemClock) =>
  syncRepository(repositoryId, { clock, signal: unstopped, waits: 'note' });

/** A customer's pull requests by their numbers. */
export const pullsOf = (customerId: string) =>
  db()
    .select()
    .from(pullRequests)
    .where(eq(pullRequests.customerId, customerId))
    .orderBy(asc(pullRequests.number), asc(pullRequests.id));

/** A customer's commits, sorted. */
export async function shasOf(customerId: string): Promise<string[]> {
  const rows = await db().select({ sha: commits.sha }).from(commits).where(eq(commits.customerId, customerId));
  return rows.map(({ sha }) => sha).sort();
}

/** A customer's runs of jobs, the oldest first. */
export const runsOf = (customerId: string) =>
  db().select().from(etlRuns).where(eq(etlRuns.customerId, customerId)).orderBy(asc(etlRuns.id));

/** How the mirror stands: what waits, since when, what was set aside; and the way back for what was set aside. */
import { sql } from 'drizzle-orm';
import { db } from '@/lib/platform/db';

export type MirrorStatus = {
  mirror: string;
  /** Changes waiting, and since when the oldest does. */
  waiting: number;
  waitingSince: Date | null;
  dead: number;
  /** Last time a MERGE took effect. */
  syncedAt: Date | null;
  /** Jobs sent whose fate is not written down yet. */
  openJobs: number;
};
export type DeadChange = { mirror: string; key: string; customerId: string | null; failedAt: Date; error: string };

type StatusRow = {
  mirror: string;
  waiting: string | null;
  since: string | null;
  dead: string | null;
  synced: string | null;
  jobs: string | null;
};
const toDate = (value: string | null) => (value === null ? null : new Date(value));

/** One entry for each mirror that was ever written or has something waiting, by name. */
export async function mirrorStatus(): Promise<MirrorStatus[]> {
  const { rows } = await db().execute<StatusRow>(sql`
    WITH waiting AS (SELECT mirror, count(*) AS waiting, min(created_at) AS since FROM outbox GROUP BY mirror),
         dead AS (SELECT mirror, count(*) AS dead FROM outbox_dead GROUP BY mirror),
         synced AS (SELECT table_name AS mirror, synced_at AS synced FROM data_versions WHERE customer_id = ''),
         jobs AS (SELECT mirror, count(*) AS jobs FROM mirror_jobs GROUP BY mirror)
    SELECT mirror, waiting, since, dead, synced, jobs
    FROM waiting FULL JOIN dead USING (mirror) FULL JOIN synced USING (mirror) FULL JOIN jobs USING (mirror)
    ORDER BY mirror`);
  return rows.map(row => ({
    mirror: row.mirror,
    waiting: Number(row.waiting ?? 0),
    waitingSince: toDate(row.since),
    dead: Number(row.dead ?? 0),
    syncedAt: toDate(row.synced),
    openJobs: Number(row.jobs ?? 0),
  }));
}

/** What was set aside, newest first, at most `limit`. */
export async function deadChanges(limit = 100): Promise<DeadChange[]> {
  const { rows } = await db().execute<Omit<DeadChange, 'failedAt'> & { failed_at: string }>(sql`
    SELECT mirror, key, customer_id AS "customerId", failed_at, error
    FROM outbox_dead ORDER BY failed_at DESC, id DESC LIMIT ${limit}`);
  return rows.map(({ failed_at, ...row }) => ({ ...row, failedAt: new Date(failed_at) }));
}

/** Puts what was set aside back into the outbox, of one mirror or of all; answers how many changes. */
export async function retryDead(mirror?: string): Promise<number> {
  const { rows } = await db().execute<{ count: number }>(sql`
    WITH taken AS (DELETE FROM outbox_dead WHERE ${mirror ?? null}::text IS NULL OR mirror = ${mirror ?? null} RETURNING *),
         again AS (INSERT INTO outbox (mirror, key, partition_value, customer_id)
                   SELECT mirror, key, partition_value, customer_id FROM taken ORDER BY id RETURNING 1)
    SELECT count(*)::int AS count, pg_notify('outbox', '') FROM again`);
  return rows[0]?.count ?? 0;
}

/** Age in seconds of the oldest change that waits, 0 when none does. */
export const oldestSeconds = (status: MirrorStatus[]): number =>
  Math.max(0, ...status.map(({ waitingSince }) => (waitingSince ? (Date.now() - waitingSince.getTime()) / 1000 : 0)));

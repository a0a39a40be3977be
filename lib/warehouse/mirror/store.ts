/** What the relay reads and writes in Postgres; each step is one statement, so a crash falls between steps, never inside one. */
import type { RelaySession } from '@/lib/warehouse/mirror/session';

/** Changes one customer may have in a flush. */
const perCustomer = 1_000;

export type PendingChange = {
  id: number;
  key: string;
  partitionValue: string | null;
  customerId: string | null;
  createdAt: Date;
};
export type RecordedJob = { dataset: string; jobId: string; outboxIds: number[] };
type Job = { mirror: string; dataset: string; jobId: string };

/** Which changes are meant: up to an id, and of these customers only. */
export type PendingFilter = { upToId?: number | undefined; onlyCustomers?: string[] | undefined };

/** Which of these mirrors have changes waiting. */
export async function pendingMirrors(
  session: RelaySession,
  mirrors: string[],
  filter: PendingFilter = {},
): Promise<string[]> {
  const rows = await session.query<{ mirror: string }>(
    `SELECT name AS mirror FROM unnest($1::text[]) AS name
      WHERE EXISTS (SELECT 1 FROM outbox WHERE mirror = name AND id <= $2 AND ($3::text[] IS NULL OR customer_id = ANY($3)))`,
    [mirrors, filter.upToId ?? Number.MAX_SAFE_INTEGER, filter.onlyCustomers ?? null],
  );
  return rows.map(row => row.mirror);
}

/** The newest id given out so far, 0 when the outbox is empty. */
export async function newestChange(session: RelaySession): Promise<number> {
  const [row] = await session.query<{ id: string }>('SELECT coalesce(max(id), 0) AS id FROM outbox');
  return Number(row?.id ?? 0);
}

/**
 * Waiting changes of a mirror, the oldest of each customer in turn, so that nobody waits behind another's backlog;
 * at most `limit`, without those of the customers named.
 */
export async function takePending(
  session: RelaySession,
  mirror: string,
  options: PendingFilter & { limit: number; withoutCustomers: string[] },
): Promise<PendingChange[]> {
  const rows = await session.query<Omit<PendingChange, 'id'> & { id: string }>(
    `WITH RECURSIVE waiting AS (
       (SELECT customer_id FROM outbox WHERE mirror = $1 AND customer_id IS NOT NULL ORDER BY customer_id LIMIT 1)
       UNION ALL
       SELECT (SELECT customer_id FROM outbox
                WHERE mirror = $1 AND customer_id > waiting.customer_id ORDER BY customer_id LIMIT 1)
         FROM waiting WHERE waiting.customer_id IS NOT NULL
     ), turns AS (
       SELECT change.*, row_number() OVER (PARTITION BY change.customer_id ORDER BY id) AS turn
         FROM waiting CROSS JOIN LATERAL (
           SELECT id, key, partition_value, customer_id, created_at FROM outbox
            WHERE mirror = $1 AND customer_id = waiting.customer_id AND id <= $2
            ORDER BY id LIMIT $5) AS change
        WHERE waiting.customer_id IS NOT NULL AND waiting.customer_id <> ALL($3)
          AND ($6::text[] IS NULL OR waiting.customer_id = ANY($6))
       UNION ALL
       SELECT nobodys.*, row_number() OVER (ORDER BY id) FROM (
         SELECT id, key, partition_value, customer_id, created_at FROM outbox
          WHERE mirror = $1 AND customer_id IS NULL AND id <= $2 AND $6::text[] IS NULL
          ORDER BY id LIMIT $5) AS nobodys
     )
     SELECT id, key, partition_value AS "partitionValue", customer_id AS "customerId", created_at AS "createdAt"
       FROM turns ORDER BY turn, id LIMIT $4`,
    [
      mirror,
      options.upToId ?? Number.MAX_SAFE_INTEGER,
      options.withoutCustomers,
      options.limit,
      perCustomer,
      options.onlyCustomers ?? null,
    ],
  );
  return rows.map(row => ({ ...row, id: Number(row.id) }));
}

/** Jobs of a mirror whose fate nobody has written down yet. */
export async function recordedJobs(session: RelaySession, mirror: string): Promise<RecordedJob[]> {
  const rows = await session.query<{ dataset: string; jobId: string; outboxIds: string[] }>(
    'SELECT dataset, job_id AS "jobId", outbox_ids AS "outboxIds" FROM mirror_jobs WHERE mirror = $1',
    [mirror],
  );
  return rows.map(row => ({ ...row, outboxIds: row.outboxIds.map(Number) }));
}

/** Writes down the job about to be sent. The key refuses a second one while the first is not settled. */
export async function recordJob(session: RelaySession, job: Job & { outboxIds: number[] }): Promise<void> {
  await session.query('INSERT INTO mirror_jobs (mirror, dataset, job_id, outbox_ids) VALUES ($1, $2, $3, $4)', [
    job.mirror,
    job.dataset,
    job.jobId,
    job.outboxIds,
  ]);
}

/** Forgets a job that had no effect; its changes stay in the outbox. */
export async function forgetJob(session: RelaySession, job: Job): Promise<void> {
  await session.query('DELETE FROM mirror_jobs WHERE mirror = $1 AND dataset = $2 AND job_id = $3', [
    job.mirror,
    job.dataset,
    job.jobId,
  ]);
}

/**
 * A MERGE took effect: deletes exactly its outbox ids, raises the versions of the customers touched and of the table,
 * forgets the job and what had been set aside of these rows. `customers` names some beyond those of the ids.
 */
export async function completeJob(
  session: RelaySession,
  job: Job & { outboxIds: number[]; customers?: string[] },
): Promise<void> {
  await session.query(
    `WITH gone AS (DELETE FROM outbox WHERE id = ANY($4::bigint[]) RETURNING key, customer_id),
          settled AS (DELETE FROM mirror_jobs WHERE mirror = $1 AND dataset = $2 AND job_id = $3),
          healed AS (DELETE FROM outbox_dead WHERE mirror = $1 AND key IN (SELECT key FROM gone)),
          touched AS (SELECT '' AS customer UNION SELECT customer_id FROM gone WHERE customer_id IS NOT NULL
                      UNION SELECT unnest($5::text[]))
     INSERT INTO data_versions (table_name, customer_id, version)
     SELECT $1, customer, 1 FROM touched ORDER BY customer
         ON CONFLICT (table_name, customer_id)
         DO UPDATE SET version = data_versions.version + 1, synced_at = clock_timestamp()`,
    [job.mirror, job.dataset, job.jobId, job.outboxIds, job.customers ?? []],
  );
}

/** Moves changes that cannot be sent to outbox_dead, with the reason staff will read. */
export async function setAside(session: RelaySession, outboxIds: number[], reason: string): Promise<void> {
  await session.query(
    `WITH gone AS (DELETE FROM outbox WHERE id = ANY($1::bigint[]) RETURNING *)
     INSERT INTO outbox_dead (id, mirror, key, partition_value, customer_id, created_at, error)
     SELECT id, mirror, key, partition_value, customer_id, created_at, $2 FROM gone ON CONFLICT (id) DO NOTHING`,
    [outboxIds, reason.slice(0, 2_000)],
  );
}

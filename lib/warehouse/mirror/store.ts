/** What the relay reads and writes in Postgres; each step is one statement, so a crash falls between steps, never inside one. */

import type { LockSession } from '@/lib/kernel/lock-session';
import type { TableName } from '@/lib/warehouse/mirror/schedule/flush-schedule';

/** Changes one customer may have in a flush of a table that all share. */
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

export type WaitingTable = TableName & { oldestAt: Date };

const upTo = (filter: PendingFilter) => filter.upToId ?? Number.MAX_SAFE_INTEGER;

/**
 * Every customer with waiting changes, by mirror, and when the oldest change was made. Steps from one to the next in the index:
 * it costs by the number of tables that wait, not by that of changes.
 */
export async function waitingTables(
  session: Pick<LockSession, 'query'>,
  mirrors: string[],
  filter: PendingFilter = {},
): Promise<WaitingTable[]> {
  return session.query<WaitingTable>(
    `WITH RECURSIVE step AS (
       SELECT name AS mirror, (SELECT customer_id FROM outbox WHERE mirror = name AND customer_id IS NOT NULL
                                ORDER BY customer_id LIMIT 1) AS customer
         FROM unnest($1::text[]) AS name
       UNION ALL
       SELECT mirror, (SELECT customer_id FROM outbox WHERE outbox.mirror = step.mirror AND customer_id > step.customer
                        ORDER BY customer_id LIMIT 1)
         FROM step WHERE customer IS NOT NULL
     )
     SELECT step.mirror, step.customer AS "customerId", oldest.created_at AS "oldestAt"
       FROM step CROSS JOIN LATERAL (
         SELECT created_at FROM outbox WHERE outbox.mirror = step.mirror AND customer_id = step.customer AND id <= $2
          ORDER BY id LIMIT 1) AS oldest
      WHERE step.customer IS NOT NULL AND ($3::text[] IS NULL OR step.customer = ANY($3))
     UNION ALL
     SELECT name, NULL, oldest.created_at
       FROM unnest($1::text[]) AS name CROSS JOIN LATERAL (
         SELECT created_at FROM outbox WHERE mirror = name AND customer_id IS NULL AND id <= $2 AND $3::text[] IS NULL
          ORDER BY id LIMIT 1) AS oldest`,
    [mirrors, upTo(filter), filter.onlyCustomers ?? null],
  );
}

export type NewChanges = WaitingTable & { rows: number; newestId: number };

/** Changes with an id above `aboveId`, added up by mirror and customer; `rows` counts those above `countedUpToId`. */
export async function changesSince(
  session: LockSession,
  mirrors: string[],
  { aboveId, countedUpToId }: { aboveId: number; countedUpToId: number },
): Promise<NewChanges[]> {
  const rows = await session.query<Omit<NewChanges, 'newestId'> & { newestId: string }>(
    `SELECT mirror, customer_id AS "customerId", min(created_at) AS "oldestAt", max(id) AS "newestId",
            (count(*) FILTER (WHERE id > $2))::int AS rows
       FROM outbox WHERE id > $1 AND mirror = ANY($3) GROUP BY mirror, customer_id`,
    [aboveId, countedUpToId, mirrors],
  );
  return rows.map(row => ({ ...row, newestId: Number(row.newestId) }));
}

/** The newest id given out so far, 0 when the outbox is empty. */
export async function newestChange(session: LockSession): Promise<number> {
  const [row] = await session.query<{ id: string }>('SELECT coalesce(max(id), 0) AS id FROM outbox');
  return Number(row?.id ?? 0);
}

type PendingRow = Omit<PendingChange, 'id'> & { id: string };
const pendingColumns =
  'id, key, partition_value AS "partitionValue", customer_id AS "customerId", created_at AS "createdAt"';
const pendingChanges = (rows: PendingRow[]): PendingChange[] => rows.map(row => ({ ...row, id: Number(row.id) }));

/** The oldest waiting changes of one customer's table, at most `limit`; those of nobody where the customer is null. */
export async function takePending(
  session: LockSession,
  { mirror, customerId }: TableName,
  options: PendingFilter & { limit: number },
): Promise<PendingChange[]> {
  const whose = customerId === null ? 'customer_id IS NULL AND $4::text IS NULL' : 'customer_id = $4';
  const rows = await session.query<PendingRow>(
    `SELECT ${pendingColumns} FROM outbox WHERE mirror = $1 AND ${whose} AND id <= $2 ORDER BY id LIMIT $3`,
    [mirror, upTo(options), options.limit, customerId],
  );
  return pendingChanges(rows);
}

/**
 * Waiting changes of a table that all customers share, the oldest of each customer in turn, so that nobody waits behind
 * another's backlog; at most `limit`.
 */
export async function takePendingFairly(
  session: LockSession,
  mirror: string,
  options: PendingFilter & { limit: number },
): Promise<PendingChange[]> {
  const rows = await session.query<PendingRow>(
    `WITH RECURSIVE waiting AS (
       (SELECT customer_id FROM outbox WHERE mirror = $1 AND customer_id IS NOT NULL ORDER BY customer_id LIMIT 1)
       UNION ALL
       SELECT (SELECT customer_id FROM outbox
                WHERE mirror = $1 AND customer_id > waiting.customer_id ORDER BY customer_id LIMIT 1)
         FROM waiting WHERE waiting.customer_id IS NOT NULL
     ), each AS (
       -- Of many customers few changes each: more than could be taken are not read.
       SELECT least($4, greatest(1, 2 * $3 / count(*))) AS n FROM waiting
     ), turns AS (
       SELECT change.*, row_number() OVER (PARTITION BY change.customer_id ORDER BY id) AS turn
         FROM waiting CROSS JOIN LATERAL (
           SELECT id, key, partition_value, customer_id, created_at FROM outbox
            WHERE mirror = $1 AND customer_id = waiting.customer_id AND id <= $2
            ORDER BY id LIMIT (SELECT n FROM each)) AS change
        WHERE waiting.customer_id IS NOT NULL AND ($5::text[] IS NULL OR waiting.customer_id = ANY($5))
       UNION ALL
       SELECT nobodys.*, row_number() OVER (ORDER BY id) FROM (
         SELECT id, key, partition_value, customer_id, created_at FROM outbox
          WHERE mirror = $1 AND customer_id IS NULL AND id <= $2 AND $5::text[] IS NULL
          ORDER BY id LIMIT $4) AS nobodys
     )
     SELECT ${pendingColumns} FROM turns ORDER BY turn, id LIMIT $3`,
    [mirror, upTo(options), options.limit, perCustomer, options.onlyCustomers ?? null],
  );
  return pendingChanges(rows);
}

/** When the oldest change that still waits for a customer's table was made, null when none does; of a shared table, of any. */
export async function oldestLeft(session: LockSession, { mirror, customerId }: TableName): Promise<Date | null> {
  const [row] = await session.query<{ at: Date }>(
    `SELECT created_at AS at FROM outbox WHERE mirror = $1 AND ($2::text IS NULL OR customer_id = $2)
      ORDER BY customer_id, id LIMIT 1`,
    [mirror, customerId],
  );
  return row?.at ?? null;
}

/** Jobs into a table whose fate nobody has written down yet. */
export async function recordedJobs(session: LockSession, mirror: string, dataset: string): Promise<RecordedJob[]> {
  const rows = await session.query<{ dataset: string; jobId: string; outboxIds: string[] }>(
    'SELECT dataset, job_id AS "jobId", outbox_ids AS "outboxIds" FROM mirror_jobs WHERE mirror = $1 AND dataset = $2',
    [mirror, dataset],
  );
  return rows.map(row => ({ ...row, outboxIds: row.outboxIds.map(Number) }));
}

/** Writes down the job about to be sent. The key refuses a second one while the first is not settled. */
export async function recordJob(session: LockSession, job: Job & { outboxIds: number[] }): Promise<void> {
  await session.query('INSERT INTO mirror_jobs (mirror, dataset, job_id, outbox_ids) VALUES ($1, $2, $3, $4)', [
    job.mirror,
    job.dataset,
    job.jobId,
    job.outboxIds,
  ]);
}

/** Forgets a job that had no effect; its changes stay in the outbox. */
export async function forgetJob(session: LockSession, job: Job): Promise<void> {
  await session.query('DELETE FROM mirror_jobs WHERE mirror = $1 AND dataset = $2 AND job_id = $3', [
    job.mirror,
    job.dataset,
    job.jobId,
  ]);
}

/** What a MERGE did. */
type Completed = Job & {
  outboxIds: number[];
  /** Customers touched beyond those of the ids. */
  customers?: string[];
  /** Who pays for it, and how much; see schedule/accounts.ts. */
  account: string;
  bytesBilled: number;
};

/**
 * A MERGE took effect: deletes exactly its outbox ids, raises the versions of the customers touched and of the table,
 * forgets the job and what had been set aside of these rows, and charges the account. Answers the account's bytes billed this month.
 */
export async function completeJob(session: LockSession, job: Completed): Promise<number> {
  const [row] = await session.query<{ spent: string }>(
    `WITH gone AS (DELETE FROM outbox WHERE id = ANY($4::bigint[]) RETURNING key, customer_id),
          settled AS (DELETE FROM mirror_jobs WHERE mirror = $1 AND dataset = $2 AND job_id = $3),
          healed AS (DELETE FROM outbox_dead WHERE mirror = $1 AND key IN (SELECT key FROM gone)),
          touched AS (SELECT '' AS customer UNION SELECT customer_id FROM gone WHERE customer_id IS NOT NULL
                      UNION SELECT unnest($5::text[])),
          raised AS (INSERT INTO data_versions (table_name, customer_id, version)
                     SELECT $1, customer, 1 FROM touched ORDER BY customer
                         ON CONFLICT (table_name, customer_id)
                         DO UPDATE SET version = data_versions.version + 1, synced_at = clock_timestamp())
     INSERT INTO mirror_spend AS spend (customer_id, month, bytes_billed, merges)
     VALUES ($6, date_trunc('month', clock_timestamp() AT TIME ZONE 'UTC')::date, $7::bigint, ($7::bigint > 0)::int)
         ON CONFLICT (customer_id) DO UPDATE SET
           month = excluded.month, last_at = clock_timestamp(),
           bytes_billed = excluded.bytes_billed + CASE WHEN spend.month = excluded.month THEN spend.bytes_billed ELSE 0 END,
           merges = excluded.merges + CASE WHEN spend.month = excluded.month THEN spend.merges ELSE 0 END
     RETURNING bytes_billed AS spent`,
    [job.mirror, job.dataset, job.jobId, job.outboxIds, job.customers ?? [], job.account, job.bytesBilled],
  );
  return Number(row?.spent ?? 0);
}

/** Raises a table's versions where it changed other than by a MERGE, so that no cache shows its old rows. */
export async function raiseVersions(session: LockSession, mirror: string, customers: string[]): Promise<void> {
  await session.query(
    `INSERT INTO data_versions (table_name, customer_id, version)
     SELECT $1, customer, 1 FROM unnest(array_append($2::text[], '')) AS customer ORDER BY customer
         ON CONFLICT (table_name, customer_id)
         DO UPDATE SET version = data_versions.version + 1, synced_at = clock_timestamp()`,
    [mirror, customers],
  );
}

/** Moves changes that cannot be sent to outbox_dead, with the reason staff will read. */
export async function setAside(session: LockSession, outboxIds: number[], reason: string): Promise<void> {
  await session.query(
    `WITH gone AS (DELETE FROM outbox WHERE id = ANY($1::bigint[]) RETURNING *)
     INSERT INTO outbox_dead (id, mirror, key, partition_value, customer_id, created_at, error)
     SELECT id, mirror, key, partition_value, customer_id, created_at, $2 FROM gone ON CONFLICT (id) DO NOTHING`,
    [outboxIds, reason.slice(0, 2_000)],
  );
}

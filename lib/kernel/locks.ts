/** Every advisory lock of Postgres that the product takes, by name. Row locks need no name: they are taken where the row is read. */
import { sql } from 'drizzle-orm';
import type { Tx } from '@/lib/platform/db';
import { migrationLock } from '@/lib/platform/migrate';

/** First half of a lock's two numbers; the second is the hash of what is locked. */
export const lockSpaces = {
  /** Alone, without a second half: one process migrates. */
  migration: migrationLock,
  /** One writer a mirrored table, held by the relay's session. */
  mirror: 7_240_002,
  /** One run of a job, held by a session of its own. */
  job: 7_240_003,
  /** Two sign-ins of one address. */
  signIn: 7_240_004,
  /** Counting a customer's messages of one event. */
  mailAllowance: 7_240_005,
  /** Alone: sql/functions/prepare_audit_months.sql makes partitions. */
  auditPartitions: 7_240_006,
  /** What Stripe says of one subscription is written by one at a time. */
  stripeSubscription: 7_240_011,
  /** One change of a customer's billing at a time. */
  billing: 7_240_012,
  /** One appender a shard of an ingest log, held by its session. */
  ingestAppender: 7_240_013,
  /** One consumer a shard of an ingest log at a time. */
  ingestConsumer: 7_240_014,
  /** One writer a table of BigQuery that the loader fills. */
  ingestTable: 7_240_015,
  /** Alone: who makes and drops partitions of the log and of receipts. */
  ingestPartitions: 7_240_016,
  /** A dataset's name is allocated by one at a time. */
  datasetName: 7_240_017,
  /** Receipts of an event source are written by one at a time, so that a message id counts once. */
  eventSource: 7_240_018,
  /** A customer's run of what arrives by HTTP is written by one at a time. */
  etlRun: 7_240_019,
  /** A customer's agent log is written, or one of its users erased, by one at a time. */
  agentLog: 7_240_021,
  /** Which repository is read next, and by whom, is settled by one at a time. */
  repositoryLease: 7_240_020,
  /** The views of a customer's query desk are made by one at a time, which holds its session. */
  deskViews: 7_240_022,
} as const;

/** Locks taken by key until a transaction ends. */
type KeyedLock = 'signIn' | 'stripeSubscription' | 'billing' | 'datasetName' | 'repositoryLease';

/** Waits for the lock of `key` and holds it until `tx` ends. Throws Postgres' lock time-out. */
export async function takeLock(tx: Tx, space: KeyedLock, key: string): Promise<void> {
  await tx.execute(sql`SELECT pg_advisory_xact_lock(${lockSpaces[space]}, hashtext(${key}))`);
}

/** Sorts of keys that locks of many keys are taken by, so that a transaction holds no more of them. */
const sortsOfKeys = 256;

/**
 * As takeLock for many keys at once, in an order that lets no two wait for each other. Keys share 256 locks, so what is
 * locked is at least each key.
 */
export async function takeLocks(
  tx: Tx,
  space: 'eventSource' | 'etlRun' | 'agentLog',
  keys: readonly string[],
): Promise<void> {
  await tx.execute(sql`
    SELECT pg_advisory_xact_lock(${lockSpaces[space]}, sort)
    FROM (
      SELECT DISTINCT hashtext(key) & ${sortsOfKeys - 1} AS sort FROM unnest(${sql.param([...keys])}::text[]) AS key ORDER BY sort
    ) AS sorts`);
}
